#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wechatpay_presign_fuzz::encrypted_resource(data));
