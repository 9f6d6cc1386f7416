/* @ts-self-types="./wechatpay_presign.d.ts" */
import * as wasm from "./wechatpay_presign_bg.wasm";
import { __wbg_set_wasm } from "./wechatpay_presign_bg.js";

__wbg_set_wasm(wasm);
wasm.__wbindgen_start();
export {
    authorizationHeader, buildPresignRequest, merchantKeyFree, merchantKeyFromPem, platformKeyFree, platformKeyFromPem, platformKeySerial, signAuthorization, signingMessage, verifyResponse
} from "./wechatpay_presign_bg.js";
