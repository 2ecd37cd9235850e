/** A fitted scaler: value → (value − center) / scale, then clipped to ±clip. Fitted on train rows only. */
export interface ScalerState {
  readonly kind: 'standard' | 'robust';
  readonly names: readonly string[];
  readonly center: readonly number[];
  readonly scale: readonly number[];
  readonly clip: number;
}
