/** Finds statements of the settings with a Sid that the role has already. IAM and Terraform refuse two of the same name. */
import { error, type Finding } from "../asl/check/problem";
import type { StatesDocument } from "../asl/document";
import { permissions } from "../asl/permissions/document-permissions";
import { escapePointer } from "../base/json";
import { quote } from "../base/text";
import type { IamStatement, JobSettings, Settings } from "./settings-types";

export function findTakenSids(settings: Settings, document: StatesDocument): Finding[] {
  return [
    ...takenIn("statements", settings.statements, () => sidsOfStateMachine(settings, document)),
    ...Object.entries(settings.jobs).flatMap(([name, job]) =>
      takenIn(`jobs.${name}.statements`, job.statements, () => sidsOfJob(settings, job)),
    ),
  ];
}

/** Returns the names of the statements that follow from the fields of a job. */
export function sidsOfJob({ data }: Pick<Settings, "data">, { efs, exec }: JobSettings): string[] {
  return [
    ...(data === "none" ? [] : ["FindData", "UseData"]),
    ...Object.keys(efs).map((_path, index) => `Mount${index}`),
    ...(exec ? ["Shell"] : []),
  ];
}

/** Returns the names of the statements of the state machine's role that follow from the document and the settings. */
export function sidsOfStateMachine({ tracing }: Pick<Settings, "tracing">, document: StatesDocument): string[] {
  return [...permissions(document).statements.map(({ sid }) => sid), "Logging", ...(tracing ? ["Tracing"] : [])];
}

// --- internal ---

function takenIn(setting: string, statements: readonly IamStatement[], sids: () => readonly string[]): Finding[] {
  if (statements.every(({ Sid }) => Sid === undefined)) return [];
  const taken = sids();
  return statements.flatMap(({ Sid }, index) => {
    if (Sid === undefined || !taken.includes(Sid)) return [];
    const pointer = ["", "context", ...setting.split("."), index, "Sid"].map((part) => escapePointer(String(part)));
    const message = `\`${setting}[${index}].Sid\` must be none of ${taken.join(", ")}, which the role already has, got: ${quote(Sid)}`;
    return [error("taken-sid", pointer.join("/"), message, "write another name, or leave Sid out")];
  });
}
