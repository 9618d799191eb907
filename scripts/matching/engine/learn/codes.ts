import type { ComparisonShape } from '../../model/contract.ts';

/** stride[0] = 1, stride[i + 1] = stride[i] × levels[i].length. */
export const stridesOf = (comparisons: readonly ComparisonShape[]): Float64Array => {
  const strides = new Float64Array(comparisons.length);
  let stride = 1;
  comparisons.forEach(({ levels }, i) => {
    strides[i] = stride;
    stride *= levels.length;
  });
  return strides;
};
