// What WeChat Pay tells after the user has signed: verified first, and only then decrypted.
import { verifyResponse } from 'wechatpay-presign';

/**
 * @param {Request} request
 * @param {Record<string, string>} env
 */
export async function acknowledge(request, env) {
  const certs = { [env.WECHATPAY_PUBLIC_KEY_ID]: env.WECHATPAY_PUBLIC_KEY };
  try {
    // Exactly as it came: the signature is over these bytes, and made as that of an answer.
    const body = new Uint8Array(await request.arrayBuffer());
    const notification = verifyResponse({ status: 200, headers: request.headers, body }, { certs });
    const contract = await decrypt(notification.resource, env.WECHATPAY_API_V3_KEY);
    // The same notification may come more than once: file it under its id.
    console.log(notification.id, notification.event_type, contract.out_contract_code);
    return new Response(null, { status: 204 });
  } catch (error) {
    console.error(error.code, error.message);
    const status = error.code === 'ERR_SIGNATURE_VERIFICATION' ? 401 : 400;
    return Response.json({ code: 'FAIL', message: error.message }, { status });
  }
}

/**
 * AEAD_AES_256_GCM, whose tag is checked.
 * @param {{ nonce: string, ciphertext: string, associated_data?: string }} resource
 * @param {string} apiV3Key
 */
async function decrypt({ nonce, ciphertext, associated_data = '' }, apiV3Key) {
  const utf8 = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', utf8.encode(apiV3Key), 'AES-GCM', false, ['decrypt']);
  const bytes = Uint8Array.from(atob(ciphertext), (character) => character.charCodeAt(0));
  const algorithm = { name: 'AES-GCM', iv: utf8.encode(nonce), additionalData: utf8.encode(associated_data) };
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, bytes)));
}
