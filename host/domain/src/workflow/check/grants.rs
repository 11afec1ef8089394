//! What a sound workflow's stages may propose in vain.

use super::Problem;
use super::problem::list;
use crate::contract::ActionKind;
use crate::policy::Policy;
use crate::workflow::Workflow;

/// The stages whose plugins declare what the tenant does not grant: the guard refuses it, each
/// time. A tenant may mean it, or grant it later, so this is no fault.
pub fn ungranted(workflow: &Workflow, policy: &Policy) -> Vec<Problem> {
    let stages = workflow.stages.iter().enumerate();
    stages
        .filter_map(|(at, stage)| {
            let manifest = &stage.plugin.manifest;
            let granted: Vec<_> = policy.granted(manifest).collect();
            let proposes = manifest.proposes.iter();
            let denied: Vec<_> = proposes
                .filter(|kind| !granted.contains(kind))
                .map(|kind| ActionKind::name(*kind))
                .collect();
            let text = format!(
                "`{}` may propose {}, which this tenant does not grant",
                stage.plugin.label(),
                list(&denied, "and")
            );
            (!denied.is_empty()).then(|| Problem::new(format!("/stages/{at}/plugin"), text))
        })
        .collect()
}
