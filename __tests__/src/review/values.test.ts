import { parseJson } from "../../../src/base/read-json";
import { concealing } from "../../../src/review/values";

test.each(["20261128093015123456", "12345678.10", "42424242"])(
  "the number %s is hidden where it is sensitive",
  (number) => {
    const change = `{ "before": null, "after": { "pin": ${number} }, "after_sensitive": { "pin": true } }`;
    const conceal = concealing(parseJson(`{ "resource_changes": [{ "change": ${change} }] }`), []);
    expect(conceal(`the pin is ${number}.`)).toBe("the pin is (sensitive value).");
  },
);
