/**
 * Text of Terraform's template language.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings
 */

/** Escapes text with a literal `${` or `%{`. */
export function escapeTemplate(text: string): string {
  return text.replace(/[$%](?=\{)/g, "$&$&");
}

/** Replaces each `${reference}` by its value, or leaves it if `lookUp` finds none, and removes the escapes. */
export function resolveTemplate(template: string, lookUp: (reference: string) => string | undefined): string {
  return template.replace(/([$%])\1\{|\$\{([^}]+)\}/g, (found, escaped?: string, reference?: string) =>
    escaped === undefined ? (lookUp(reference!) ?? found) : `${escaped}{`,
  );
}
