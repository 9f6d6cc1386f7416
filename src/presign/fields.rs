//! The fields of each pre-sign endpoint. There are four modes and two scenes.
//!
//! Sources: the field tables of WeChat Pay's documentation of each mode
//! (pay.weixin.qq.com, "partner-password-free-contract"). The page of the `ecommerce` endpoint itself gives
//! types only; lengths and character rules come from its sibling pages (`qs`, terminate), dated 2024-11-18.
//! They are defaults: callers may override a length.

use crate::fields::{Content, FieldSpec, Shape};

/// The kind of merchant: the first variable segment of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// 电商收付通: an e-commerce platform.
    Ecommerce,
    /// 直连商户: a merchant that sells in its own name.
    Normal,
    /// 普通服务商: a service provider for a sub-merchant.
    ServiceProvider,
    /// 清算机构: a clearing institution for a sub-merchant.
    Qs,
}

impl Mode {
    /// All modes.
    pub const ALL: &[Self] = &[Self::Ecommerce, Self::Normal, Self::ServiceProvider, Self::Qs];

    /// Its segment of the path.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ecommerce => "ecommerce",
            Self::Normal => "normal",
            Self::ServiceProvider => "service-provider",
            Self::Qs => "qs",
        }
    }

    const fn fields(self) -> &'static [FieldSpec] {
        match self {
            Self::Ecommerce | Self::Normal => MERCHANT,
            Self::ServiceProvider => SERVICE_PROVIDER,
            Self::Qs => QS,
        }
    }
}

/// When the contract is offered: the last segment of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// 支付后场景: after a payment.
    PayRedirectSign,
    /// 小程序场景: from a mini program.
    MiniProgram,
}

impl Scene {
    /// All scenes.
    pub const ALL: &[Self] = &[Self::PayRedirectSign, Self::MiniProgram];

    /// Its segment of the path.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PayRedirectSign => "pay-redirect-sign",
            Self::MiniProgram => "mini-program",
        }
    }
}

/// The fields of a mode and scene, in the order in which the documentation lists them. They are sent in this order.
pub fn of(mode: Mode, scene: Scene) -> impl Iterator<Item = &'static FieldSpec> {
    let fields = mode.fields().iter();
    fields.filter(move |field| scene == Scene::PayRedirectSign || field.name != PREPAY_ID.name)
}

const ID: Shape = Shape::Text(32, Content::Any);
const OPENID: Shape = Shape::Text(128, Content::Any);

pub(crate) const SERVICE_ID: FieldSpec = FieldSpec::required("service_id", Shape::Integer);
pub(crate) const OUT_CONTRACT_CODE: FieldSpec =
    FieldSpec::required("out_contract_code", Shape::Text(32, Content::Alphanumeric));
const NOTIFY_URL: FieldSpec = FieldSpec::required("notify_url", Shape::Text(256, Content::CallbackUrl));
const CONTRACT_DISPLAY_ACCOUNT: FieldSpec = FieldSpec::required("contract_display_account", ID);
/// For the scene `pay-redirect-sign` only.
const PREPAY_ID: FieldSpec = FieldSpec::required("prepay_id", Shape::Text(64, Content::PrepayId));

const MERCHANT: &[FieldSpec] = &[
    FieldSpec::required("appid", ID),
    SERVICE_ID,
    OUT_CONTRACT_CODE,
    NOTIFY_URL,
    CONTRACT_DISPLAY_ACCOUNT,
    PREPAY_ID,
    FieldSpec::required("openid", OPENID),
];

const SERVICE_PROVIDER: &[FieldSpec] = &[
    FieldSpec::required("sp_appid", ID),
    FieldSpec::one_of("sp_openid", OPENID),
    FieldSpec::required("sub_mchid", ID),
    FieldSpec::required("sub_appid", ID),
    FieldSpec::one_of("sub_openid", OPENID),
    SERVICE_ID,
    OUT_CONTRACT_CODE,
    NOTIFY_URL,
    CONTRACT_DISPLAY_ACCOUNT,
    PREPAY_ID,
];

const QS: &[FieldSpec] = &[
    FieldSpec::required("appid", ID),
    FieldSpec::required("sub_appid", ID),
    FieldSpec::required("sub_mchid", ID),
    FieldSpec::one_of("openid", OPENID),
    FieldSpec::one_of("sub_openid", OPENID),
    SERVICE_ID,
    OUT_CONTRACT_CODE,
    NOTIFY_URL,
    CONTRACT_DISPLAY_ACCOUNT,
    PREPAY_ID,
];
