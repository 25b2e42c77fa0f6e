/** Calls EventBridge and EventBridge Scheduler of the emulator, which does not look at signatures. */
import { testEnvironment } from "./environment";

interface Named {
  readonly Name: string;
}

/** A rule, as `DescribeRule` returns it, with its targets. */
export interface Rule extends Named {
  readonly EventPattern: string;
  readonly Targets: readonly Record<string, unknown>[];
}

/** A schedule, as `GetSchedule` returns it. */
export interface Schedule extends Named {
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  readonly FlexibleTimeWindow: Record<string, unknown>;
  readonly Target: Record<string, unknown>;
}

export async function listRules(region: string): Promise<Named[]> {
  return ((await events(region, "ListRules", {})) as { Rules: Named[] }).Rules;
}

export async function describeRule(region: string, Name: string): Promise<Rule> {
  const { Targets } = (await events(region, "ListTargetsByRule", { Rule: Name })) as Pick<Rule, "Targets">;
  return { ...((await events(region, "DescribeRule", { Name })) as Omit<Rule, "Targets">), Targets };
}

export async function listSchedules(region: string): Promise<Named[]> {
  return ((await call(region, "scheduler", "/schedules")) as { Schedules: Named[] }).Schedules;
}

export async function describeSchedule(region: string, name: string): Promise<Schedule> {
  return (await call(region, "scheduler", `/schedules/${name}`)) as Schedule;
}

// --- internal ---

function events(region: string, action: string, body: object): Promise<unknown> {
  return call(region, "events", "/", {
    method: "POST",
    headers: { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": `AWSEvents.${action}` },
    body: JSON.stringify(body),
  });
}

async function call(region: string, service: string, path: string, request: RequestInit = {}): Promise<unknown> {
  const credential = `test/20260101/${region}/${service}/aws4_request`;
  const response = await fetch(`${testEnvironment().AWS_ENDPOINT_URL}${path}`, {
    ...request,
    headers: {
      ...request.headers,
      Authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
    },
  });
  if (!response.ok) throw new Error(`${service} ${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
