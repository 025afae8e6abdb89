//! The two shops, their catalogues, their people, and the bridge's configuration.

use serde_json::{Value, json};

use crate::world::{KEYWORD, TOKEN};

/// What both sell: a shop of the simulator's catalogue.
pub(super) const SELLS: &str = "bubble-tea";
/// The application and its secret.
pub(super) const APP_ID: &str = "dingafternoon";
pub(super) const APP_SECRET: &str = "a5ec7e7a5ec7e7a5ec7e7a5ec7e7a5ec7e7a5ec7e7a5ec7e7";
/// The key of the Yida application.
pub(super) const YIDA_KEY: &str = "9da5ec7e79da5ec7e79da5ec7e79da5ec7e7";
/// The group of the owner alone, where the card of the day is.
pub(super) const OWNERS_GROUP: &str = "老闆";
/// Templates of cards, as their designer named them.
const REFUND_CARD: &str = "refund.schema";
const DAY_CARD: &str = "day.schema";
/// The process behind the form that staff open for a return.
pub(super) const RETURN_PROCESS: &str = "TPROC--RETURN";

/// A till and the shop it stands in.
#[derive(Debug)]
pub(super) struct Stand {
    /// The source.
    pub(super) till: &'static str,
    /// The shop.
    pub(super) shop: &'static str,
    /// What its paper looks like.
    pub(super) style: &'static str,
    /// Who serves, of the simulator's staff.
    pub(super) cashier: usize,
}

/// On a cable.
pub(super) const CENTRAL: Stand =
    Stand { till: "counter-1", shop: "中環", style: "zh-hant-32-big5", cashier: 0 };
/// On the network, through the proxy.
pub(super) const MONGKOK: Stand =
    Stand { till: "counter-2", shop: "旺角", style: "zh-hant-32-gb18030", cashier: 1 };

/// The people of the group by their user ids.
pub(super) const PEOPLE: [(&str, &str); 3] =
    [("boss", "老闆"), ("manager", "經理"), ("ming", "小明")];

/// What a shop keeps: so many grams of pearls.
pub(super) fn catalogue(pearls: u32) -> String {
    format!(
        "名稱,類別,單位,存貨,警戒,供應商,採購,配方\n\
         珍珠,配料,g,{pearls},1000,https://wa.me/85298765432,,\n\
         鮮奶,配料,ml,5000,1000,,,\n\
         珍珠奶茶,飲品,杯,,,,,珍珠 = 60 g\n\
         黑糖鮮奶,飲品,杯,,,,,珍珠 = 60 g; 鮮奶 = 0.25 l\n"
    )
}

/// How this DingTalk is set up: who decides, and what stands on the buttons of a card.
pub(super) fn profile() -> String {
    format!(
        "[app]\napprover = \"manager\"\n\n[app.templates.\"{REFUND_CARD}\".buttons]\n\
         approve = \"批准\"\nreject = \"拒絕\"\nacknowledge = \"已閱\"\n\n\
         [app.templates.\"{DAY_CARD}\"]\npublished = true\n"
    )
}

/// Where everything is.
#[derive(Debug)]
pub(super) struct Places {
    /// The mock, host and port.
    pub(super) dingtalk: String,
    /// The pty of the cable.
    pub(super) port: String,
    pub(super) journal: String,
    pub(super) secret: String,
    /// Where the proxy listens, and the printer behind it.
    pub(super) proxy: String,
    pub(super) printer: String,
    /// The conversations of the group and of the owner's own.
    pub(super) group: String,
    pub(super) own_group: String,
}

/// The configuration; without the application where the owner has taken it away.
pub(super) fn config(places: &Places, with_app: bool) -> String {
    // A JSON string is a TOML string.
    let quoted = |text: &str| Value::from(text).to_string();
    let Places { dingtalk, port, journal, secret, proxy, printer, .. } = places;
    let robot = format!("http://{dingtalk}/robot/send?access_token={TOKEN}");
    let shop = format!(
        "[shop]\nname = \"翠葉茶飲\"\ntimezone = \"Asia/Hong_Kong\"\ncurrency = \"HKD\"\n\
         language = \"zh-HK\"\nhours = \"11:00-22:30\"\nfloat = \"500.00\"\n\n\
         [journal]\npath = {}\n\n[exceptions]\nrefund_over = \"200.00\"\n\n",
        quoted(journal)
    );
    let sources = format!(
        "[[source]]\nname = \"{}\"\nshop = \"{}\"\nkind = \"serial-tap\"\nport = {}\n\
         encoding = \"big5\"\n\n\
         [[source]]\nname = \"{}\"\nshop = \"{}\"\nkind = \"tcp-proxy\"\nlisten = \"{proxy}\"\n\
         upstream = \"{printer}\"\nencoding = \"gb18030\"\n\n",
        CENTRAL.till,
        CENTRAL.shop,
        quoted(port),
        MONGKOK.till,
        MONGKOK.shop
    );
    let robot = format!(
        "[[robot]]\nname = \"owner\"\nurl = {robot:?}\nsecret_file = {}\n\
         keywords = [{KEYWORD:?}]\nnotices = [\"sale\", \"refund\", \"low_stock\", \"exception\"]\n\
         sales = \"each\"\nprivacy = \"items\"\ngroup = {}\n\n",
        quoted(secret),
        quoted(possim::dingtalk::DEFAULT_GROUP)
    );
    let app = format!(
        "[dingtalk.app]\nclient_id = \"{APP_ID}\"\nclient_secret_file = \"app.secret\"\n\
         api = \"http://{dingtalk}\"\nmay_change = [\"boss\"]\n\n"
    );
    let app = if with_app { app } else { String::new() };
    format!("{shop}{sources}{robot}{app}{}", matters(places))
}

/// What is asked of whom, and whose calendar it is.
fn matters(places: &Places) -> String {
    let Places { group, own_group, .. } = places;
    let fields = json!({ "事項": "title", "貨品": "goods", "由": "shop", "到": "to" });
    let fields: Vec<String> = fields
        .as_object()
        .into_iter()
        .flatten()
        .map(|(field, value)| format!("\"{field}\" = {value}"))
        .collect();
    format!(
        "[[approval]]\non = \"refund\"\ntemplate = \"{REFUND_CARD}\"\ngroup = \"{group}\"\n\
         deciders = [\"boss\"]\n\n\
         [[approval]]\non = \"transfer\"\nprocess_code = \"PROC-TRANSFER\"\n\
         originator = \"boss\"\ndepartment = 1\nfields = {{ {} }}\n\n\
         [[approval]]\non = \"cash_short\"\nover = \"20.00\"\napp_type = \"APP_TEA\"\n\
         system_token_file = \"yida.key\"\nform = \"FORM-DRAWER\"\noriginator = \"boss\"\n\
         fields = {{ textField_title = \"title\", textField_detail = \"receipt\", \
         textField_time = \"time\" }}\n\n\
         [[approval]]\non = \"return\"\nprocess_code = \"{RETURN_PROCESS}\"\n\
         form_url = \"https://yida.example/return?receipt={{number}}\"\napp_type = \"APP_TEA\"\n\
         system_token_file = \"yida.key\"\noriginator = \"boss\"\n\
         number_field = \"textField_number\"\n\n\
         [agenda]\nowner = \"union-boss\"\npeople = [\"union-boss\", \"union-manager\"]\n\
         page = \"https://shop.example/tasks\"\n\n\
         [today]\ntemplate = \"{DAY_CARD}\"\ngroup = \"{own_group}\"\nevery = \"1h\"\n\n\
         [[promotion]]\nname = \"聖誕買一送一\"\nfrom = \"2026-12-24\"\nto = \"2026-12-26\"\n\
         prepare = [\"訂雙倍鮮奶\", \"掛海報\"]\n",
        fields.join(", ")
    )
}
