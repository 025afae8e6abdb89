//! What happens, one scene after the other.

use jiff::civil::{Date, DateTime, date};
use pos_protocol::event::{Kind, Method};
use possim::shop::Sale;
use serde_json::{Value, json};

use super::diary::{Diary, Heard, person};
use super::shops::{CENTRAL, MONGKOK, RETURN_PROCESS, Stand, catalogue};
use super::stage::{Stage, text_of};
use super::{papers, record};
use crate::wait::{SOON, check, until};

/// The Friday of the week before, and the afternoon's Saturday.
const BEFORE: Date = date(2026, 11, 13);
const TODAY: Date = date(2026, 11, 21);
const TODAY_IN_WORDS: &str = "11月21日";

/// Nothing but one message of the robot, one answer or one card.
const ROBOT: Heard = Heard { robot: 1, answers: 0, cards: 0 };
const REFUND_TO_DECIDE: Heard = Heard { robot: 2, answers: 0, cards: 1 };

/// The stage, what is written down, and what the tills have sold.
struct Play {
    stage: Stage,
    diary: Diary,
}

/// Plays the afternoon; its whole text.
///
/// # Panics
/// Where something that must come does not.
pub fn play() -> String {
    let mut stage = Stage::set();
    stage.bridge.start_brain();
    stage.until_listening();
    let diary = Diary::begin(&stage);
    let mut play = Play { stage, diary };
    play.stock_up();
    play.last_week();
    play.low_stock();
    play.refund();
    play.transfer();
    play.questions();
    play.drawer();
    play.goods_returned();
    play.evening();
    play.without_application();
    let names = record::names(&play.stage);
    play.diary.finish(&names)
}

impl Play {
    fn scene(&mut self, at: DateTime, what: &str) {
        self.diary.scene(&self.stage, at, what);
    }

    fn hear(&mut self, heard: Heard) -> Vec<possim::dingtalk::ShownMessage> {
        self.diary.hear(&self.stage, heard)
    }

    /// Sells at a till.
    fn sell(&mut self, stand: &Stand, at: DateTime, number: &str, goods: &[(&str, i64)]) -> Sale {
        let sale = papers::sale(stand, number, at, goods, Method::Octopus);
        self.stage.print(stand, &papers::printed(stand, Kind::Sale, sale.clone()));
        sale
    }

    /// Pays all of `sale` back.
    fn pay_back(&mut self, stand: &Stand, sale: &Sale, at: DateTime, number: &str) {
        let refund = papers::refund(stand, sale, number, at);
        self.stage.print(stand, &papers::printed(stand, Kind::Refund, refund));
    }

    fn card_of(said: &[possim::dingtalk::ShownMessage]) -> String {
        let card = said.iter().find_map(|shown| shown.speech.out_track_id.clone());
        card.expect("a card")
    }

    /// The instance of the process `code`, once it was started.
    fn process(&self, code: &str) -> String {
        until(SOON, "a process", || {
            let instances = self.stage.look("instances");
            let mut all = instances.as_array().into_iter().flatten();
            let found = all.find(|instance| instance["processCode"] == code);
            found
                .map(|instance| text_of(instance, "instanceId"))
                .ok_or_else(|| instances.to_string())
        })
    }

    /// Somebody decides in DingTalk.
    fn decide(&mut self, user: &str, instance: &str, verdict: &str) {
        self.stage.post("decide", &json!({"instance": instance, "user": user, "verdict": verdict}));
        let word = if verdict == "agree" { "同意" } else { "拒絕" };
        self.diary.line(&format!("{} 在釘釘審批 {instance} 按「{word}」", person(user)));
    }

    fn stock_up(&mut self) {
        for (shop, pearls) in [(CENTRAL.shop, 1_500), (MONGKOK.shop, 3_000)] {
            self.stage.bridge.write("stock.csv", &catalogue(pearls));
            let file = self.stage.bridge.path("stock.csv");
            let file = file.to_str().expect("UTF-8");
            self.stage.verb("stock import", &[file, "--shop", shop]);
        }
        self.diary.part("存貨，開始時");
        record::stock(&self.stage, &mut self.diary);
        self.diary.part("收銀群組");
    }

    /// A refund that nobody decides about.
    fn last_week(&mut self) {
        let at = BEFORE.at(14, 50, 0, 0);
        self.scene(at, "旺角賣出 12 杯楊枝甘露");
        let sale = self.sell(&MONGKOK, at, "2001", &[("楊枝甘露", 12)]);
        self.hear(ROBOT);
        let at = BEFORE.at(15, 0, 0, 0);
        self.scene(at, "旺角全數退款，沒有人批核");
        self.pay_back(&MONGKOK, &sale, at, "2002");
        let said = self.hear(REFUND_TO_DECIDE);
        self.scene(TODAY.at(14, 20, 0, 0), "過了八日");
        self.hear(ROBOT);
        self.scene(TODAY.at(14, 25, 0, 0), "老闆按上星期的卡片");
        self.diary.press(&self.stage, "boss", &Self::card_of(&said), "approve");
    }

    fn low_stock(&mut self) {
        let at = TODAY.at(14, 30, 0, 0);
        self.scene(at, "中環賣出 10 杯珍珠奶茶");
        self.sell(&CENTRAL, at, "1001", &[("珍珠奶茶", 10)]);
        self.hear(Heard { robot: 2, ..Heard::default() });
        until(SOON, "a task and a date for what runs out", || {
            let made = (self.stage.look("todos"), self.stage.look("calendar"));
            check(made, |(todos, dates)| {
                let count = |value: &Value| value.as_array().map_or(0, Vec::len);
                count(todos) == 2 && count(dates) == 2
            })
        });
        until(SOON, "the card of the day", || {
            day_card(&self.stage).ok_or_else(|| self.stage.look("cards").to_string())
        });
    }

    fn refund(&mut self) {
        let at = TODAY.at(14, 40, 0, 0);
        self.scene(at, "旺角賣出 8 杯楊枝甘露");
        let sale = self.sell(&MONGKOK, at, "2003", &[("楊枝甘露", 8)]);
        self.hear(ROBOT);
        let at = TODAY.at(14, 50, 0, 0);
        self.scene(at, "旺角全數退款");
        self.pay_back(&MONGKOK, &sale, at, "2004");
        let said = self.hear(REFUND_TO_DECIDE);
        let card = Self::card_of(&said);
        self.scene(TODAY.at(14, 52, 0, 0), "名單以外的人按卡片");
        self.diary.press(&self.stage, "ming", &card, "approve");
        self.scene(TODAY.at(14, 54, 0, 0), "老闆先按已閱，再批准");
        self.diary.press(&self.stage, "boss", &card, "acknowledge");
        self.diary.press(&self.stage, "boss", &card, "approve");
        self.hear(ROBOT);
        self.scene(TODAY.at(14, 56, 0, 0), "老闆再按一次，然後改為拒絕");
        self.diary.press(&self.stage, "boss", &card, "approve");
        self.diary.press(&self.stage, "boss", &card, "reject");
    }

    /// Approved while the bridge is dead, and told more than once.
    fn transfer(&mut self) {
        self.scene(TODAY.at(15, 0, 0, 0), "小明想調貨");
        self.diary.ask(&self.stage, "ming", "調貨 500 珍珠 由旺角去中環");
        self.scene(TODAY.at(15, 2, 0, 0), "老闆要的貨沒有這個名，再問一次");
        self.diary.ask(&self.stage, "boss", "調貨 500 波霸 由旺角去中環");
        self.diary.ask(&self.stage, "boss", "調貨 500 珍珠 由旺角去中環");
        let instance = self.process("PROC-TRANSFER");
        self.scene(TODAY.at(15, 5, 0, 0), "本機停電，經理這時同意");
        self.until_asked(&instance);
        self.until_acknowledged();
        self.stage.bridge.kill_brain();
        self.stage.until_deaf();
        self.decide("manager", &instance, "agree");
        self.scene(TODAY.at(15, 10, 0, 0), "本機重開，釘釘把結果說了兩次，回覆又遺失");
        self.stage.post("stream", &json!({"do": "repeat_events", "count": 10}));
        self.stage.post("stream", &json!({"do": "lose_acks", "count": 100}));
        self.stage.bridge.start_brain();
        self.hear(ROBOT);
        until(SOON, "both events answered twice, in vain", || {
            check(self.stage.look("deliveries"), |sent| {
                let all = sent.as_array().into_iter().flatten();
                all.filter(|one| one["ackLost"] == true).count() == 4
            })
        });
        self.stage.post("stream", &json!({"do": "lose_acks", "count": 0}));
        self.scene(TODAY.at(15, 15, 0, 0), "釘釘再說一次");
        self.until_acknowledged();
        let deliveries = self.stage.look("deliveries");
        let all = deliveries.as_array().into_iter().flatten();
        let again = all.filter(|sent| sent["kind"] == "event" && sent["attempt"] == 3).count();
        assert!(again >= 2, "who decided and what were told three times: {deliveries}");
        record::stock(&self.stage, &mut self.diary);
    }

    /// Waits until DingTalk has nothing more to tell.
    fn until_acknowledged(&self) {
        until(SOON, "every event acknowledged", || {
            check(self.stage.look("stream"), |stream| {
                stream["waiting_events"].as_array().is_some_and(Vec::is_empty)
            })
        });
    }

    /// Waits until the bridge knows that `instance` is its own.
    fn until_asked(&self, instance: &str) {
        until(SOON, "a matter that was asked", || {
            let journal =
                rusqlite::Connection::open(self.stage.bridge.journal()).expect("a journal");
            let sql = "SELECT count(*) FROM matter WHERE instance = ?1";
            let known = journal.query_row(sql, [instance], |row| row.get::<_, i64>(0));
            check(known.expect("the schema"), |known| *known == 1)
        });
    }

    fn questions(&mut self) {
        self.scene(TODAY.at(15, 20, 0, 0), "小明問了五件事");
        for text in ["今日營業額", "最近三張單", "搵 1001", "最暢銷", "旺角珍珠存貨"]
        {
            self.diary.ask(&self.stage, "ming", text);
        }
        self.scene(TODAY.at(15, 25, 0, 0), "小明想改存貨，又問了聽不懂的");
        self.diary.ask(&self.stage, "ming", "設定旺角珍珠存貨為 9000");
        self.diary.ask(&self.stage, "ming", "唱首歌");
    }

    fn drawer(&mut self) {
        let at = TODAY.at(15, 30, 0, 0);
        self.scene(at, "旺角收現金 64 元");
        let sale = papers::sale(&MONGKOK, "2005", at, &[("楊枝甘露", 2)], Method::Cash);
        self.stage.print(&MONGKOK, &papers::printed(&MONGKOK, Kind::Sale, sale));
        self.hear(ROBOT);
        self.scene(TODAY.at(15, 35, 0, 0), "錢箱點算只有 520 元，要經理批核");
        self.stage.verb("reconcile", &["--cash", "520.00", "--source", MONGKOK.till]);
        let instance = self.process("FORM-DRAWER");
        self.until_asked(&instance);
        self.scene(TODAY.at(15, 40, 0, 0), "經理不同意");
        self.decide("manager", &instance, "refuse");
        self.hear(ROBOT);
    }

    fn goods_returned(&mut self) {
        let at = TODAY.at(15, 45, 0, 0);
        self.scene(at, "中環賣出一杯黑糖鮮奶");
        let sale = self.sell(&CENTRAL, at, "1002", &[("黑糖鮮奶", 1)]);
        self.hear(ROBOT);
        let at = TODAY.at(15, 55, 0, 0);
        self.scene(at, "中環退貨");
        self.pay_back(&CENTRAL, &sale, at, "1003");
        self.hear(ROBOT);
        self.scene(TODAY.at(16, 0, 0, 0), "小明打開按鈕的表單，上載相片；經理同意");
        let form = json!({"textField_number": "1003", "imageField_photo": "return-1003.jpg"});
        let body = json!({"user": "ming", "processCode": RETURN_PROCESS, "form": form});
        let instance = text_of(&self.stage.post("submit", &body), "instance");
        self.diary.line(&format!("{} 提交表單 {instance}", person("ming")));
        self.decide("manager", &instance, "agree");
        self.hear(ROBOT);
    }

    /// What stands everywhere in the end.
    fn evening(&mut self) {
        self.stage.at(TODAY.at(18, 0, 0, 0));
        until(SOON, "the card of the day", || {
            let cards = self.stage.look("cards").to_string();
            check(cards, |cards| cards.contains("18:00"))
        });
        let (stage, diary) = (&self.stage, &mut self.diary);
        diary.part("老闆群組的今日卡片");
        diary.card(stage, &day_card(stage).expect("a card"));
        diary.part("待辦");
        record::todos(stage, diary);
        diary.part("日曆");
        record::calendar(stage, diary);
        diary.part("審批");
        record::processes(stage, diary);
        diary.part("事件簿的 approval");
        record::endings(stage, diary);
        diary.part("存貨，傍晚");
        record::stock(stage, diary);
        self.diary.part("沒有釘釘應用的傍晚");
    }

    /// The owner takes the application away: what was asked on the phone is a plain notice.
    fn without_application(&mut self) {
        self.stage.configure(false);
        self.stage.bridge.stop_brain(SOON);
        self.stage.bridge.start_brain();
        let at = TODAY.at(18, 30, 0, 0);
        self.scene(at, "旺角賣出 9 杯楊枝甘露");
        let sale = self.sell(&MONGKOK, at, "2006", &[("楊枝甘露", 9)]);
        self.hear(ROBOT);
        let at = TODAY.at(18, 40, 0, 0);
        self.scene(at, "旺角全數退款");
        self.pay_back(&MONGKOK, &sale, at, "2007");
        self.hear(Heard { robot: 3, ..Heard::default() });
    }
}

/// The card of this day in the owner's own group. That of the week before is of no interest.
fn day_card(stage: &Stage) -> Option<String> {
    let cards = stage.look("cards");
    let mut own = cards.as_array().into_iter().flatten().filter(|card| {
        card["spaces"][0]["spaceId"] == stage.places.own_group
            && text_of(&card["data"], "title").contains(TODAY_IN_WORDS)
    });
    own.next().map(|card| text_of(card, "outTrackId"))
}
