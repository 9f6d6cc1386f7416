// The smallest worker, for comparison.
export default {
  /**
   * @param {Request} _asked
   * @param {{ KEY: string }} env
   */
  fetch(_asked, { KEY }) {
    return new Response(`WECHATPAY2-SHA256-RSA2048 ${KEY.length}`);
  },
};
