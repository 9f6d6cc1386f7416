export default { test: { server: { deps: { inline: ['wechatpay-presign'] } } } };
