#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wechatpay_presign_fuzz::sign_error(data));
