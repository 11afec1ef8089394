use super::*;
use crate::workflow::sample::standard;

#[test]
fn the_standard_workflow_is_drawn_for_graphviz() {
    assert_eq!(dot(&standard()), include_str!("tests/standard.dot"));
}

#[test]
fn the_standard_workflow_is_drawn_for_mermaid() {
    assert_eq!(mermaid(&standard()), include_str!("tests/standard.mmd"));
}

#[test]
fn labels_cannot_leave_their_quotes() {
    let mut workflow = standard();
    if let OnFailure::Hold(hold) = &mut workflow.stages[0].on_failure {
        hold.task = "say \"hi\" <b>\\\n#".to_owned();
    }
    assert!(dot(&workflow).contains(r#"h0 [label="hold 7d\nsay \"hi\" <b>\\ #""#));
    assert!(
        mermaid(&workflow).contains(r#"h0[/"hold 7d<br/>say #quot;hi#quot; #lt;b#gt;\ #35;"/]"#)
    );
}
