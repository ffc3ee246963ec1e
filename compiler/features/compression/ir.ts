/** `x-amazon-apigateway-minimum-compression-size`: absent, nothing is compressed or decoded. */
export interface CompressionPart {
  /** Bytes, 0 to 10 485 760. */
  readonly minimumSize: number;
}
