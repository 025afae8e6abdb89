//! Golden tests: bad approvals, agendas and day's cards, the exact words a person gets
//! (`golden_matters.txt`), and what good ones mean.

use std::path::Path;

use pos_protocol::event::{About, Way};

use super::golden::{ROBOT, SOURCE, accepted, refused};
use super::{AskBy, Filling, Made};

/// Each case is a mistake, `-----`, the error, `=====`.
#[test]
fn every_mistake_in_what_is_asked_is_told_in_exactly_these_words() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/config/golden_matters.txt");
    let golden = std::fs::read_to_string(&path).expect("the golden file");
    let mut found = String::new();
    for case in golden.split_terminator("=====\n") {
        let (mistake, _) = case.split_once("-----\n").expect("two parts");
        let said = refused(&format!("{SOURCE}{ROBOT}{mistake}"));
        found.extend([mistake, "-----\n", &said, "\n=====\n"]);
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &found).expect("the source tree can be written");
        return;
    }
    assert_eq!(golden, found, "UPDATE_GOLDEN=1 rewrites it");
    assert!(golden.matches("=====\n").count() > 15);
}

const ENV: &[(&str, &str)] = &[("TOKEN", "s3cr3t")];

#[test]
fn each_way_of_asking_has_its_keys() {
    let text = format!(
        "{SOURCE}{ROBOT}\
         [[approval]]\non = \"refund\"\nprocess_code = \"PROC-1\"\noriginator = \"u1\"\n\
         department = 7\nfields = {{ \"金額\" = \"amount\", \"來源\" = \"=till\" }}\n\
         [[approval]]\non = \"cash_short\"\nover = \"20.00\"\napp_type = \"APP_1\"\n\
         system_token_env = \"TOKEN\"\nform = \"FORM-1\"\noriginator = \"u1\"\n\
         fields = {{ textField_1 = \"receipt\" }}\n\
         [[approval]]\non = \"transfer\"\ntemplate = \"t.schema\"\ngroup = \"cid1==\"\n\
         deciders = [\"boss\"]\n\
         [[approval]]\non = \"return\"\nform_url = \"https://y.example/f\"\n\
         app_type = \"APP_1\"\nsystem_token_env = \"TOKEN\"\noriginator = \"u1\"\n\
         number_field = \"textField_x\"\n"
    );
    let (config, _) = accepted(&text, Path::new("p.toml"), ENV);
    let by = |about| &config.approval(about).expect("configured").by;
    let AskBy::Oa { department, fields, .. } = by(About::Refund) else { panic!("OA") };
    assert_eq!(*department, Some(7));
    let text = Filling::Text("till".into());
    assert_eq!(*fields, [("來源".to_owned(), text), ("金額".to_owned(), Filling::Amount)]);
    assert_eq!(config.approval(About::CashShort).expect("there").over.to_string(), "20.00");
    let AskBy::Yida { system_token, .. } = by(About::CashShort) else { panic!("Yida") };
    assert_eq!(system_token.expose(), "s3cr3t");
    assert!(!format!("{config:?}").contains("s3cr3t"));
    assert_eq!(by(About::Transfer).way(), Some(Way::Card));
    let AskBy::Form { read: Some(read), .. } = by(About::Return) else { panic!("it is read") };
    assert_eq!((&*read.number_field, &*read.app_type), ("textField_x", "APP_1"));
    assert_eq!((by(About::Return).way(), by(About::Return).process_code()), (None, None));
    assert_eq!(config.approval(About::Refund).expect("there").robot, "owner");
}

#[test]
fn an_agenda_needs_an_owner_and_the_rest_is_known() {
    let text = format!(
        "{SOURCE}{ROBOT}[agenda]\nowner = \"union1\"\nrestock = [\"todo\"]\n\
         [today]\ntemplate = \"d\"\ngroup = \"cid1\"\n"
    );
    let (config, notes) = accepted(&text, Path::new("p.toml"), &[]);
    assert_eq!(notes.len(), 2, "each says that it has no effect: {notes:?}");
    assert!(
        notes[0].ends_with(
            "[agenda] without [dingtalk.app]: nothing is put into calendars and on lists"
        )
    );
    let agenda = config.agenda.expect("an agenda");
    assert_eq!((agenda.people, agenda.remind), (vec!["union1".to_owned()], vec![1_440, 60]));
    assert_eq!(agenda.promotions, Made { date: true, task: true });
    assert_eq!(agenda.restock, Made { date: false, task: true });
    assert_eq!(config.today.expect("a card").every, std::time::Duration::from_mins(15));
}
