import { OUTCOMES, type Outcome } from "../outcome";
import { html, type Markup } from "./markup";

/** Draws an outcome as a sign with a word. */
export function pill(outcome: Outcome, word: string): Markup {
  return html`<span class="pill is-${outcome}"><span aria-hidden="true">${OUTCOMES[outcome].sign}</span> ${word}</span>`;
}
