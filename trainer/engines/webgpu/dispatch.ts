import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Uniform, WebgpuBackend } from './webgpu-backend.ts';

const width = 64;

/** A program with several outputs, which tfjs' own cannot have. One invocation an `index`, 0 … size − 1. */
interface ManyOutputs {
  readonly name: string;
  /** float32 arrays that are read, by their names in WGSL. */
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  /** float32 arrays that are made, by their names in WGSL, with their shapes. */
  readonly outputs: Readonly<Record<string, readonly number[]>>;
  /** Scalars that are in `uniforms` under these names; a tensor is copied there by the GPU. */
  readonly scalars: Readonly<Record<string, number | TensorInfo>>;
  readonly size: number;
  /** Statements for one `index` (u32). */
  readonly body: string;
}

const pipelines = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();

/**
 * Runs a program in tfjs' queue, between its own. Bindings of inputs and outputs together may be 8, the least that every
 * device offers; hence the scalar tensors in the uniforms.
 */
export function dispatchMany(backend: WebgpuBackend, program: ManyOutputs): TensorInfo[] {
  const inputs = Object.values(program.inputs);
  const outputs = Object.values(program.outputs).map((shape) => backend.makeTensorInfo([...shape], 'float32'));
  const scalars = Object.values(program.scalars);
  const tensors = [...inputs, ...outputs, ...scalars.filter((scalar) => typeof scalar !== 'number')];
  for (const { dataId } of tensors) backend.uploadToGPU(dataId);
  const bufferOf = ({ dataId }: TensorInfo): GPUBuffer => {
    const { resource } = backend.tensorMap.get(dataId);
    if (resource === undefined) throw new Error(`${program.name}: a tensor is not on the GPU`);
    return resource;
  };

  const { maxComputeWorkgroupsPerDimension } = backend.device.limits;
  const groups = Math.ceil(program.size / width);
  const columns = Math.min(groups, maxComputeWorkgroupsPerDimension);
  const uniforms = backend.makeUniforms([
    { type: 'uint32', data: [program.size] },
    { type: 'uint32', data: [columns * width] },
    ...scalars.map((scalar): Uniform => ({ type: 'float32', data: [typeof scalar === 'number' ? scalar : 0] })),
  ]);
  backend.ensureCommandEncoderReady();
  const encoder = backend.commandEncoder;
  if (encoder === null) throw new Error(`${program.name}: there is no command encoder`);
  scalars.forEach((scalar, place) => {
    if (typeof scalar === 'number') return;
    backend.endComputePassEncoder();
    encoder.copyBufferToBuffer(bufferOf(scalar), 0, uniforms.buffer, 4 * (2 + place), 4);
  });

  const pipeline = findPipeline(backend.device, program);
  const buffers: GPUBufferBinding[] = [...inputs, ...outputs].map((tensor) => ({ buffer: bufferOf(tensor) }));
  const group = backend.device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [...buffers, uniforms].map((resource, binding) => ({ binding, resource })),
  });
  for (const { dataId } of tensors) backend.commandQueueOwnedIds.add(dataId);
  const dispatch = (pass: GPUComputePassEncoder) => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(columns, Math.ceil(groups / columns));
    backend.dispatchCountInPass++;
  };
  if (backend.activeTimers == null) dispatch((backend.computePassEncoder ??= encoder.beginComputePass()));
  else dispatchTimed(backend, encoder, program.name, dispatch);
  return outputs;
}

/** As tfjs does while it profiles: a pass of its own between two time stamps. */
function dispatchTimed(
  backend: WebgpuBackend,
  encoder: GPUCommandEncoder,
  name: string,
  dispatch: (pass: GPUComputePassEncoder) => void,
): void {
  backend.endComputePassEncoder();
  if (backend.supportTimestampQuery)
    backend.querySet ??= backend.device.createQuerySet({ type: 'timestamp', count: 2 });
  const { querySet } = backend;
  const stamps = { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
  backend.computePassEncoder = encoder.beginComputePass(
    querySet === null ? {} : { timestampWrites: { ...stamps, querySet } },
  );
  dispatch(backend.computePassEncoder);
  backend.endComputePassEncoder();
  backend.activeTimers?.push({ name, query: backend.getQueryTime() });
}

function findPipeline(device: GPUDevice, program: ManyOutputs): GPUComputePipeline {
  const known = pipelines.get(device) ?? new Map<string, GPUComputePipeline>();
  pipelines.set(device, known);
  const found = known.get(program.name);
  if (found !== undefined) return found;
  const module = device.createShaderModule({ code: toShader(program), label: program.name });
  const pipeline = device.createComputePipeline({
    compute: { module, entryPoint: 'main' },
    label: program.name,
    layout: 'auto',
  });
  known.set(program.name, pipeline);
  return pipeline;
}

function toShader({ inputs, outputs, scalars, body }: ManyOutputs): string {
  const arrays = [
    ...Object.keys(inputs).map((name) => `var<storage, read> ${name} : array<f32>;`),
    ...Object.keys(outputs).map((name) => `var<storage, read_write> ${name} : array<f32>;`),
  ];
  const members = Object.keys(scalars).map((name) => `${name} : f32,`);
  return `
    struct Uniforms { size : u32, rowLength : u32, ${members.join(' ')} }
    ${arrays.map((array, binding) => `@group(0) @binding(${binding}) ${array}`).join('\n')}
    @group(0) @binding(${arrays.length}) var<uniform> uniforms : Uniforms;
    @compute @workgroup_size(${width})
    fn main(@builtin(global_invocation_id) id : vec3<u32>) {
      let index = id.y * uniforms.rowLength + id.x;
      if (index >= uniforms.size) { return; }
      ${body}
    }`;
}
