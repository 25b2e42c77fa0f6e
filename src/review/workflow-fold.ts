/** The part of the comment about one state machine: the difference of its document, and its diagram. */
import { counted, type Fold, fold, leftOut, listed, uncut } from "./fold";
import type { WorkflowDiff } from "./workflow-diff";

/** Returns the document of a state machine and its diagram, if it has one. */
export function workflowFolds({ address, diff, references, diagram, note, isOpen, ...states }: WorkflowDiff): Fold[] {
  const intro = [
    ...(note === null ? [] : [note]),
    ...listed("States added", states.added),
    ...listed("States removed", states.removed),
    ...listed("States changed", states.changed),
    ...listed("States restored, which were changed outside Terraform", states.putBack),
    ...listed("Known after apply", references),
  ].map((line) => `- ${line}`);
  const document = fold("Workflow", {
    name: address,
    counts: counted({ "lines added": diff.added, "lines removed": diff.removed }),
    open: isOpen,
    intro,
    language: "diff",
    lines: diff.lines.map(uncut),
    notice: "the document",
  });
  return diagram === null ? [document] : [document, diagramFold(address, diagram)];
}

// --- internal ---

/** GitHub draws a Mermaid diagram of at most 50,000 characters and 500 edges. */
const LONGEST_DIAGRAM = 30_000;
const MOST_EDGES = 499;

function diagramFold(name: string, diagram: string): Fold {
  const highlighted = /^ {2}classDef (added|changed) /m.test(diagram);
  const drawn = fold("Diagram", {
    name,
    open: true,
    language: "mermaid",
    intro: highlighted ? ["Thick and dashed: changed (amber). Thick: added (green)."] : [],
    lines: diagram.split("\n").map(uncut),
    whole: true,
    notice: "`npx workflow diagram`",
  });
  // In a label, an arrow is written as entities.
  const edges = diagram.match(/ -\.?->/g)?.length ?? 0;
  if (edges > MOST_EDGES) return leftOut(drawn, `its ${edges} arrows are more than GitHub draws`);
  return diagram.length > LONGEST_DIAGRAM ? leftOut(drawn, "too long") : drawn;
}
