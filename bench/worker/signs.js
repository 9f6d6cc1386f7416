// The smallest worker that signs. Its first request makes the first signature.
import { signAuthorization } from 'wechatpay-presign';

const request = { method: 'POST', url: 'https://api.mch.weixin.qq.com/v3/x', body: '{}' };

export default {
  /**
   * @param {Request} _asked
   * @param {{ KEY: string }} env
   */
  fetch(_asked, { KEY }) {
    return new Response(signAuthorization(request, { mchid: '1900000100', serial: '5F1C', privateKey: KEY }));
  },
};
