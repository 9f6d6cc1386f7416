//! Signs one message. `npm run bench:constant-time` counts the instructions.

use wechatpay_presign::keys::MerchantKey;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(message)) = (arguments.next(), arguments.next()) else {
        panic!("sign <key.pem> <message>");
    };
    let pem = std::fs::read_to_string(path).expect("a PEM");
    let key = MerchantKey::from_pem(&pem).expect("a key");
    println!(
        "{}",
        key.sign(message.as_bytes(), &mut getrandom::SysRng)
            .expect("a signature")
            .len()
    );
}
