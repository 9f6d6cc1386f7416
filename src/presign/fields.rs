//! The fields of each pre-sign endpoint. There are four modes and two scenes.
//!
//! Sources: the field tables of WeChat Pay's documentation of each mode
//! (pay.weixin.qq.com, "partner-password-free-contract"). The page of the `ecommerce` endpoint itself gives
//! types only; lengths and character rules come from its sibling pages (`qs`, terminate), dated 2024-11-18.
//! They are defaults: callers may override a length.

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

/// One field of a request body.
#[derive(Debug)]
pub struct FieldSpec {
    /// WeChat's name of the field.
    pub name: &'static str,
    /// The type and limits of its value.
    pub shape: Shape,
    /// Whether it is required.
    pub presence: Presence,
}

/// The type and limits of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A positive integer, sent as a JSON number.
    Integer,
    /// Text, with the largest number of characters and the rule for its content.
    Text(usize, Content),
}

/// Rules for a text's content, in addition to the rules of all APIv3 texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// No other rule.
    Any,
    /// ASCII digits and letters.
    Alphanumeric,
    /// An `https` URL without a query.
    CallbackUrl,
}

/// Whether a field is required.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Yes.
    Required,
    /// At least one of the fields marked so is required.
    OneOf,
    /// Required in this scene, rejected in the other.
    Only(Scene),
}

impl FieldSpec {
    pub(crate) const fn required(name: &'static str, shape: Shape) -> Self {
        let presence = Presence::Required;
        Self { name, shape, presence }
    }

    const fn one_of(name: &'static str, shape: Shape) -> Self {
        let presence = Presence::OneOf;
        Self { name, shape, presence }
    }

    /// The default length limit in characters; `None` for integers.
    #[must_use]
    pub const fn limit(&self) -> Option<usize> {
        match self.shape {
            Shape::Text(limit, _) => Some(limit),
            Shape::Integer => None,
        }
    }
}

/// The fields of a mode and scene, in the order in which the documentation lists them. They are sent in this order.
pub fn of(mode: Mode, scene: Scene) -> impl Iterator<Item = &'static FieldSpec> {
    mode.fields()
        .iter()
        .filter(move |field| !matches!(field.presence, Presence::Only(other) if other != scene))
}

const ID: Shape = Shape::Text(32, Content::Any);
const OPENID: Shape = Shape::Text(128, Content::Any);

pub(crate) const SERVICE_ID: FieldSpec = FieldSpec::required("service_id", Shape::Integer);
pub(crate) const OUT_CONTRACT_CODE: FieldSpec =
    FieldSpec::required("out_contract_code", Shape::Text(32, Content::Alphanumeric));
const NOTIFY_URL: FieldSpec = FieldSpec::required("notify_url", Shape::Text(256, Content::CallbackUrl));
const CONTRACT_DISPLAY_ACCOUNT: FieldSpec = FieldSpec::required("contract_display_account", ID);
const PREPAY_ID: FieldSpec = FieldSpec {
    name: "prepay_id",
    shape: Shape::Text(64, Content::Any),
    presence: Presence::Only(Scene::PayRedirectSign),
};

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
