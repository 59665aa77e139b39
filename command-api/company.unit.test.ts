import { companyOf, companyToLogOf } from './company';

describe('company that is worth a call', () => {
  it.each([
    [0, 1],
    [1, 1],
    [2, 1],
    [3, 4],
    [8, 4],
    [9, 5],
    [32, 16],
    [128, 64],
    [200, 100],
    [5_000, 128],
  ])('is, of %i commands under way, %i', (inFlight, company) => {
    expect(companyOf(inFlight)).toBe(company);
  });
});

describe('company that is worth a request to the log', () => {
  it.each([
    [1, 1],
    [3, 4],
    [32, 4],
    [128, 16],
    [5_000, 128],
  ])('is, of %i commands under way, %i', (inFlight, company) => {
    expect(companyToLogOf(inFlight)).toBe(company);
  });
});
