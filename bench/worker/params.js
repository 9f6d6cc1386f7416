// The fields that every benchmark pre-signs. In a file of their own, because the workers bundle them.
export const params = {
  appid: 'wxcbda96de0b165486',
  service_id: 1234,
  out_contract_code: '100001256',
  notify_url: 'https://yoursite.com/wxpay.html',
  contract_display_account: '张三',
  prepay_id: 'wx201410272009395522657a690389285100',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
};
