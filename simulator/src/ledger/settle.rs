//! Settling the three lists.
//!
//! It compares what must have been read right (number, total, items, payments) and leaves alone what
//! a reader may phrase as it likes.

use std::collections::BTreeMap;

use pos_protocol::event::{Event, Kind, Receipt};

use super::account::{Account, Totals, Trouble};
use super::told::{Reader, Told};

/// The three lists.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// What was sold, as the truth tells it. Receipt numbers are unique.
    pub sold: Vec<Event>,
    /// What the journal holds.
    pub journal: Vec<Event>,
    /// What the group saw: titles and texts.
    pub group: Vec<String>,
    /// By source, how many prints broke off and may have left a piece of a receipt on paper.
    pub torn: BTreeMap<String, u32>,
}

impl Ledger {
    /// Settles the three lists.
    pub fn settle(&self) -> Account {
        let mut troubles = Vec::new();
        let mut totals = Totals { sold: self.sold.len(), ..Totals::default() };
        let reader = Reader::new(&self.sold);
        let told: Vec<Told> = self.group.iter().map(|text| reader.read(text)).collect();
        for (index, sale) in self.sold.iter().enumerate() {
            let events = self.events_of(sale);
            let messages: Vec<&Told> = told.iter().filter(|told| told.names(index)).collect();
            totals.journalled += usize::from(!events.is_empty());
            totals.delivered += usize::from(!messages.is_empty());
            totals.lost += usize::from(events.is_empty() || messages.is_empty());
            totals.duplicated += usize::from(events.len() > 1 || messages.len() > 1);
            let mistold = messages.iter().any(|told| told.wrong.contains(&index));
            let mistakes = mistakes(sale, &events, mistold);
            totals.wrong += usize::from(!mistakes.is_empty());
            troubles.extend(missing_or_doubled(sale, events.len(), messages.len()));
            troubles.extend(mistakes);
        }
        let strange = self.strangers(&told);
        totals.wrong += strange.len();
        troubles.extend(strange);
        Account { totals, troubles }
    }

    fn events_of(&self, sale: &Event) -> Vec<&Event> {
        let tells_of_it = |event: &&Event| {
            event.kind == Kind::Sale && event.source == sale.source && number(event) == number(sale)
        };
        self.journal.iter().filter(tells_of_it).collect()
    }

    /// Events and messages that no sale accounts for. A torn print may leave one piece of paper.
    fn strangers(&self, told: &[Told]) -> Vec<Trouble> {
        let mut torn = self.torn.clone();
        let mut strange = Vec::new();
        for event in &self.journal {
            let known = event.kind == Kind::Sale
                && self.sold.iter().any(|s| s.source == event.source && number(s) == number(event));
            if !known && !is_drawer_or_printer(event.kind) && !forgiven(event, &mut torn) {
                let number = number(event);
                strange
                    .push(Trouble::StrangeEvent(format!("{} #{number} {}", event.kind, event.id)));
            }
        }
        for (text, told) in self.group.iter().zip(told) {
            if told.is_something_else() {
                let line = text.lines().next().unwrap_or_default();
                strange.push(Trouble::StrangeMessage(line.to_owned()));
            }
        }
        strange
    }
}

fn number(event: &Event) -> &str {
    event.receipt.as_ref().and_then(|receipt| receipt.number.as_deref()).unwrap_or_default()
}

fn is_drawer_or_printer(kind: Kind) -> bool {
    matches!(kind, Kind::DrawerOpened | Kind::DrawerClosed | Kind::PrinterStatus)
}

/// What a torn print leaves: the piece itself, unread or as a document, or, where the piece was
/// already a whole sale, its second print.
fn forgiven(event: &Event, torn: &mut BTreeMap<String, u32>) -> bool {
    let remnant = matches!(event.kind, Kind::Unread | Kind::Document | Kind::Reprint);
    match torn.get_mut(&event.source) {
        Some(left @ 1..) if remnant => {
            *left -= 1;
            true
        }
        _ => false,
    }
}

fn missing_or_doubled(sale: &Event, events: usize, messages: usize) -> Vec<Trouble> {
    let name = || number(sale).to_owned();
    let mut troubles = Vec::new();
    match events {
        0 => troubles.push(Trouble::NotJournalled(name())),
        1 => {}
        _ => troubles.push(Trouble::JournalledTwice(name())),
    }
    match messages {
        0 => troubles.push(Trouble::NotDelivered(name())),
        1 => {}
        _ => troubles.push(Trouble::DeliveredTwice(name())),
    }
    troubles
}

fn mistakes(sale: &Event, events: &[&Event], mistold: bool) -> Vec<Trouble> {
    let empty = Receipt::default();
    let truth = sale.receipt.as_ref().unwrap_or(&empty);
    let mut troubles = Vec::new();
    for event in events {
        let read = event.receipt.as_ref().unwrap_or(&empty);
        for ((field, expected), (_, found)) in fields(truth).into_iter().zip(fields(read)) {
            if expected != found {
                let number = number(sale).to_owned();
                troubles.push(Trouble::Misread { number, field, expected, found });
            }
        }
    }
    if mistold {
        let total = truth.total.map(|total| total.to_string()).unwrap_or_default();
        troubles.push(Trouble::Mistold { number: number(sale).to_owned(), expected: total });
    }
    troubles
}

/// What must have been read right, as text that can be compared and shown.
fn fields(receipt: &Receipt) -> [(&'static str, String); 3] {
    let items = receipt.items.iter().map(|item| {
        let quantity = item.quantity.map(|q| q.normalize().to_string()).unwrap_or_default();
        format!("{quantity} {} {}", item.name, shown(item.amount))
    });
    let payments = receipt
        .payments
        .iter()
        .map(|payment| format!("{} {}", payment.method, shown(payment.amount)));
    [
        ("total", shown(receipt.total)),
        ("items", items.collect::<Vec<_>>().join(", ")),
        ("payments", payments.collect::<Vec<_>>().join(", ")),
    ]
}

fn shown(amount: Option<pos_protocol::money::Amount>) -> String {
    amount.map(|amount| amount.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::{Event, Kind};
    use pos_protocol::money::Amount;

    use super::{Ledger, Totals, Trouble};
    use crate::shop::{Language, OPENING, Shop, Till};
    use crate::truth;

    /// Three sales that everybody agrees on.
    fn agreed() -> Ledger {
        let mut till = Till::open(&Shop::ALL[0], 1, "counter-1", 1001, OPENING);
        let sold: Vec<Event> =
            (0..3).map(|_| truth::event(&till.sell(), Language::ZhHant, "counter-1")).collect();
        let group = sold.iter().map(message).collect();
        Ledger { journal: sold.clone(), sold, group, ..Ledger::default() }
    }

    fn message(sale: &Event) -> String {
        let receipt = sale.receipt.as_ref().expect("a receipt");
        let number = receipt.number.as_deref().expect("a number");
        format!(
            "### 收銀 #{number}  \n**HK${}**  \n11:02 counter-1",
            receipt.total.expect("a total")
        )
    }

    fn totals(lost: usize, duplicated: usize, wrong: usize) -> Totals {
        Totals { sold: 3, journalled: 3, delivered: 3, lost, duplicated, wrong }
    }

    #[test]
    fn three_lists_that_agree_close() {
        let account = agreed().settle();
        assert!(account.closes(), "{:?}", account.troubles);
        assert_eq!(account.totals, totals(0, 0, 0));
        let json = serde_json::to_string(&account.totals).expect("plain data");
        assert_eq!(
            json,
            r#"{"sold":3,"journalled":3,"delivered":3,"lost":0,"duplicated":0,"wrong":0}"#
        );
    }

    #[test]
    fn a_sale_that_the_group_did_not_see_is_lost() {
        let mut ledger = agreed();
        ledger.group.remove(1);
        let account = ledger.settle();
        assert_eq!(account.totals, Totals { delivered: 2, ..totals(1, 0, 0) });
        assert_eq!(account.troubles, [Trouble::NotDelivered("1002".to_owned())]);
    }

    #[test]
    fn a_sale_that_the_journal_lacks_is_lost_once() {
        let mut ledger = agreed();
        ledger.journal.remove(0);
        ledger.group.remove(0);
        let account = ledger.settle();
        assert_eq!(account.totals, Totals { journalled: 2, delivered: 2, ..totals(1, 0, 0) });
    }

    #[test]
    fn a_message_or_an_event_too_many_is_a_duplicate() {
        let mut ledger = agreed();
        ledger.group.push(ledger.group[2].clone());
        assert_eq!(ledger.settle().troubles, [Trouble::DeliveredTwice("1003".to_owned())]);
        let mut ledger = agreed();
        ledger.journal.push(ledger.journal[2].clone());
        assert_eq!(ledger.settle().totals, totals(0, 1, 0));
    }

    #[test]
    fn a_misread_total_item_or_payment_is_wrong() {
        let spoil: [fn(&mut Event); 3] = [
            |event| receipt(event).total = Some(Amount::new(1, 2)),
            |event| receipt(event).items[0].name.push('!'),
            |event| receipt(event).payments.clear(),
        ];
        for (spoil, expected) in spoil.into_iter().zip(["total", "items", "payments"]) {
            let mut ledger = agreed();
            spoil(&mut ledger.journal[0]);
            let account = ledger.settle();
            assert_eq!(account.totals, totals(0, 0, 1));
            let [Trouble::Misread { number, field, .. }] = account.troubles.as_slice() else {
                panic!("expected one misread field, found {:?}", account.troubles);
            };
            assert_eq!((number.as_str(), *field), ("1001", expected));
        }
    }

    fn receipt(event: &mut Event) -> &mut pos_protocol::event::Receipt {
        event.receipt.as_mut().expect("a receipt")
    }

    #[test]
    fn a_message_with_another_amount_is_wrong() {
        let mut ledger = agreed();
        ledger.group[0] = "#1001 HK$0.10".to_owned();
        let account = ledger.settle();
        assert_eq!(account.totals, totals(0, 0, 1));
    }

    #[test]
    fn what_nobody_sold_is_wrong() {
        let mut ledger = agreed();
        ledger.group.push("#9999 HK$1.00".to_owned());
        let mut refund = ledger.journal[0].clone();
        refund.kind = Kind::Refund;
        ledger.journal.push(refund);
        assert_eq!(ledger.settle().totals, totals(0, 0, 2));
    }

    #[test]
    fn a_drawer_that_opened_is_nobodys_sale() {
        let mut ledger = agreed();
        let mut drawer = ledger.journal[0].clone();
        (drawer.kind, drawer.receipt) = (Kind::DrawerOpened, None);
        ledger.journal.push(drawer);
        assert!(ledger.settle().closes());
    }

    #[test]
    fn a_torn_print_accounts_for_one_piece_of_paper_on_its_own_source() {
        let mut ledger = agreed();
        let mut piece = ledger.journal[0].clone();
        (piece.kind, piece.receipt) = (Kind::Unread, None);
        ledger.journal.push(piece.clone());
        ledger.torn.insert("counter-2".to_owned(), 1);
        assert_eq!(ledger.settle().totals.wrong, 1);
        ledger.torn.insert("counter-1".to_owned(), 1);
        assert!(ledger.settle().closes());
        ledger.journal.push(piece);
        assert_eq!(ledger.settle().totals.wrong, 1);
    }
}
