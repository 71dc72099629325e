// Functions that bodies of kernels call, as gpu.js reads them: JavaScript with numbers only. Graphics devices bring their own exp, log, sin
// and cos, good to a few units in the last place for usual arguments; what they get wrong is mended here. `NAN(x)` is for the engine to write out.

/**
 * A whole number as it is, or, where a float no longer holds every one, an infinity: what is computed with it stays infinite or becomes NaN, and
 * reading it is an error.
 */
export const whole = `function whole(r) {
  if (Math.abs(r) >= 16777216) { return r * 18446744073709551616 * 18446744073709551616; }
  return r;
}`;

/** eˣ. Some devices make a number of NaN. */
export const exp = `function expOf(x) {
  if (NAN(x)) { return x; }
  return Math.exp(x);
}`;

/** ln x. Some devices make a number of NaN, or of 0 and of what has no logarithm. */
export const log = `function logOf(x) {
  if (NAN(x)) { return x; }
  if (x < 0) { return Math.sqrt(x); }
  if (x === 0) { return -1 / (x * x); }
  return Math.log(x);
}`;

/** tanh x, by its series near 0; elsewhere by an exponential that cannot overflow. */
export const tanh = `function tanhOf(x) {
  if (Math.abs(x) < 0.15) {
    const s = x * x;
    return x * (1 - s * (0.3333333333333333 - s * (0.13333333333333333 - s * (0.05396825396825397 - s * 0.021869488536155203))));
  }
  if (NAN(x)) { return x; }
  const e = Math.exp(-2 * Math.abs(x));
  if (x < 0) { return (e - 1) / (1 + e); }
  return (1 - e) / (1 + e);
}`;

/** ln (1 + x): what adding 1 rounds away is put back (Kahan). */
export const log1p = `function log1pOf(x) {
  const u = 1 + x;
  if (u === 1 || NAN(x)) { return x; }
  if (u < 0) { return Math.sqrt(u); }
  if (u === 0) { return -1 / (u * u); }
  if (x > 16777216) { return Math.log(x); }
  return Math.log(u) * (x / (u - 1));
}`;

/** erf x to 2 · 10⁻⁷: its series up to 0.5, and formula 7.1.26 of Abramowitz and Stegun (1964) beyond. */
export const erf = `function erfOf(x) {
  const a = Math.abs(x);
  if (a < 0.5) {
    const s = x * x;
    return x * (1.1283791670955126 - s * (0.3761263890318375 - s * (0.11283791670955126 - s * (0.026866170645131252 - s * (0.005223977625442188 - s * 0.0008548326977281426)))));
  }
  if (NAN(x)) { return x; }
  const t = 1 / (1 + 0.3275911 * a);
  const p = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const r = 1 - p * Math.exp(-a * a);
  if (x < 0) { return -r; }
  return r;
}`;

/**
 * sin (x + quarters · π / 2). Devices may be off by 2⁻¹¹ in theirs, so: the nearest multiple of π / 2 is taken away, in three steps that lose
 * nothing, and the rest goes into the series.
 */
export const sine = `function sineOf(x, quarters) {
  const k = Math.floor(x * 0.6366197723675814 + 0.5);
  const r = x - k * 1.5703125 - k * 0.0004837512969970703 - k * 7.549789948768648e-8;
  const s = r * r;
  const q = k + quarters - 4 * Math.floor((k + quarters) * 0.25);
  let y = r * (1 - s * (0.16666666666666666 - s * (0.008333333333333333 - s * (0.0001984126984126984 - s * 0.0000027557319223985893))));
  if (q === 1 || q === 3) {
    y = 1 - s * (0.5 - s * (0.041666666666666664 - s * (0.001388888888888889 - s * 0.0000248015873015873)));
  }
  if (q >= 2) { return -y; }
  return y;
}`;

/** 1 / (1 + e⁻ˣ) without an overflow. */
export const sigmoid = `function sigmoidOf(x) {
  if (NAN(x)) { return x; }
  const e = Math.exp(-Math.abs(x));
  if (x < 0) { return e / (1 + e); }
  return 1 / (1 + e);
}`;

/** x rounded to log₂ `scale` binary digits after the first, ties to even; below `least` digits get fewer, and what is beyond `most` is infinite. */
export const rounded = `function rounded(x, scale, least, most) {
  const a = Math.abs(x);
  if (NAN(a)) { return x; }
  if (a === 0) { return x * 0; }
  let m = a;
  let p = 1;
  if (a < least) {
    m = a / least;
    p = least;
  } else {
    for (let i = 0; i < 2; i++) {
      if (m >= 18446744073709551616) { m = m * 5.421010862427522e-20; p = p * 18446744073709551616; }
      if (m < 5.421010862427522e-20) { m = m * 18446744073709551616; p = p * 5.421010862427522e-20; }
    }
    if (m >= 4294967296) { m = m * 2.3283064365386963e-10; p = p * 4294967296; }
    if (m < 2.3283064365386963e-10) { m = m * 4294967296; p = p * 2.3283064365386963e-10; }
    for (let i = 0; i < 32; i++) {
      if (m >= 2) { m = m * 0.5; p = p * 2; }
      if (m < 1) { m = m * 2; p = p * 0.5; }
    }
  }
  const r = m * scale;
  let f = Math.floor(r);
  const d = r - f;
  const odd = f - 2 * Math.floor(f * 0.5);
  if (d > 0.5 || (d === 0.5 && odd === 1)) { f = f + 1; }
  let y = f / scale * p;
  if (y > most) { y = y * 18446744073709551616 * 18446744073709551616; }
  if (x < 0) { return -y; }
  return y;
}`;

/** An expression rounded to 16 bits, by {@link rounded}. */
export const roundedTo: { readonly [D in "f16" | "bf16"]: (expression: string) => string } = {
  f16: (expression) => `rounded(${expression}, 1024, 0.00006103515625, 65504)`,
  bf16: (expression) => `rounded(${expression}, 128, 1.1754943508222875e-38, 3.3895313892515355e38)`,
};
