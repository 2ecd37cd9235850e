import { AppError } from '#core/error.ts';

/** A device and what went wrong with it, if anything did. */
export interface Device {
  readonly device: GPUDevice;
  /** Throws what made the device unusable: `device_lost`, `out_of_memory`, or `internal` for a faulty program. */
  check(): void;
  /**
   * Waits a moment, because the news of a lost device may arrive after the failure that it caused; then does as
   * `check`.
   */
  checkSoon(): Promise<void>;
  /** Gives the device back; a loss is expected then. */
  close(): void;
}

/** Milliseconds within which Dawn reports the loss that made an operation fail. */
const newsOfLoss = 200;

/**
 * Opens a device with the largest buffers and workgroups its adapter has. WebGPU reports errors out of band, and a
 * computation with an error goes on with zeros or old values: whoever uses results asks `check` first.
 */
export async function openDevice(adapter: GPUAdapter, name: string): Promise<Device> {
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredFeatures: adapter.features.has('timestamp-query') ? ['timestamp-query'] : [],
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  let failure: AppError | undefined;
  let closed = false;
  void device.lost.then(({ reason, message }) => {
    if (!closed) failure = deviceLost(name, reason, message);
  });
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    failure ??= toAppError(event.error, name);
  });
  const check = () => {
    if (failure !== undefined) throw failure;
  };
  return {
    device,
    check,
    async checkSoon() {
      if (failure === undefined) await Promise.race([device.lost, new Promise((done) => setTimeout(done, newsOfLoss))]);
      check();
    },
    close() {
      closed = true;
      device.destroy();
    },
  };
}

function deviceLost(name: string, reason: string, message: string): AppError {
  const why = message.split('\n')[0].slice(0, 300) || reason;
  return new AppError(
    'device_lost',
    `The GPU ${name} was lost (${why}). The run can go on from its last checkpoint; if it happens again, look at the ` +
      'driver’s log, or try a smaller batch_size.',
  );
}

function toAppError(error: GPUError, name: string): AppError {
  const message = error.message.split('\n')[0];
  // Dawn's addon has the error classes of the standard, but not as globals of Node.
  if (error.constructor.name === 'GPUOutOfMemoryError') {
    return new AppError(
      'out_of_memory',
      `The memory of ${name} ran out (${message}). Try a smaller batch_size, lookback or variant.`,
    );
  }
  return new AppError('internal', `The GPU refused a command (${message}). See trainer.log.`, { cause: error });
}
