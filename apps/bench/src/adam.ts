/** Adam as all who are compared have it: no decay and no clipping, for TensorFlow.js has neither. */
export const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
