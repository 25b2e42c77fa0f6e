import { isExceeded } from "../../../../../src/local/interpreter/distributed/tolerance";

test.each<[{ count: number; percentage: number }, number, number, boolean]>([
  [{ count: 0, percentage: 0 }, 0, 10, false],
  [{ count: 0, percentage: 0 }, 1, 10, true],
  [{ count: 2, percentage: 0 }, 2, 10, false],
  [{ count: 2, percentage: 0 }, 3, 10, true],
  [{ count: 0, percentage: 20 }, 2, 10, false],
  [{ count: 0, percentage: 20 }, 3, 10, true],
  [{ count: 1, percentage: 50 }, 2, 10, true],
  [{ count: 9, percentage: 10 }, 2, 10, true],
  [{ count: 0, percentage: 100 }, 10, 10, false],
])("%j: %s failed of %s items are too many: %s", (tolerance, failed, total, exceeded) => {
  expect(isExceeded(tolerance, failed, total)).toBe(exceeded);
});
