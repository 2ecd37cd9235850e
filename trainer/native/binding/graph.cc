// Builds TensorFlow functions out of operations that JavaScript has recorded, and tells the shapes that operations give.
//
//   inferOp(name, attrs, inputs: Value[]) → {dtype, shape | null}[]
//   defineFunction(name, args: Value[], constants: Value[], nodes: Node[], outputs: number[], attributes)
//   removeFunction(name)
//
// Value: {dtype, shape, values?}. Node: {name, attrs, inputs: number[], outputs: number}. Values are numbered: arguments
// first, then constants, then the outputs of the nodes in their order. `attrs` are those of executeOp; `attributes` are
// names of boolean attributes of the function that are set to true. What TensorFlow refuses becomes an Error with its words.

#include "graph.h"

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"
#include "tfjs_backend.h"
#include "utils.h"

namespace tfnodejs {
namespace {

struct StatusDeleter {
  void operator()(TF_Status *status) const { TF_DeleteStatus(status); }
};
struct GraphDeleter {
  void operator()(TF_Graph *graph) const { TF_DeleteGraph(graph); }
};
struct FunctionDeleter {
  void operator()(TF_Function *function) const { TF_DeleteFunction(function); }
};
using Status = std::unique_ptr<TF_Status, StatusDeleter>;
using Graph = std::unique_ptr<TF_Graph, GraphDeleter>;
using Function = std::unique_ptr<TF_Function, FunctionDeleter>;

// A JavaScript exception is pending; unwinds to the entry point, which returns to JavaScript.
struct Pending {};

[[noreturn]] void Throw(napi_env env, const std::string &message) {
  napi_throw_error(env, nullptr, message.c_str());
  throw Pending();
}

void Check(napi_env env, napi_status status, const char *what) {
  if (status == napi_ok) return;
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (pending) throw Pending();
  Throw(env, std::string("Expected ") + what);
}

void Check(napi_env env, const Status &status, const std::string &what) {
  if (TF_GetCode(status.get()) != TF_OK) Throw(env, what + ": " + TF_Message(status.get()));
}

napi_value Get(napi_env env, napi_value object, const char *name) {
  napi_value value;
  Check(env, napi_get_named_property(env, object, name, &value), name);
  return value;
}

uint32_t Length(napi_env env, napi_value array) {
  uint32_t length;
  Check(env, napi_get_array_length(env, array, &length), "an array");
  return length;
}

napi_value At(napi_env env, napi_value array, uint32_t index) {
  napi_value value;
  Check(env, napi_get_element(env, array, index, &value), "an element");
  return value;
}

int64_t Int(napi_env env, napi_value value) {
  int64_t number;
  Check(env, napi_get_value_int64(env, value, &number), "a whole number");
  return number;
}

std::string Text(napi_env env, napi_value value) {
  size_t length;
  Check(env, napi_get_value_string_utf8(env, value, nullptr, 0, &length), "a string");
  std::string text(length, '\0');
  Check(env, napi_get_value_string_utf8(env, value, &text[0], length + 1, &length), "a string");
  return text;
}

bool IsArray(napi_env env, napi_value value) {
  bool is_array;
  Check(env, napi_is_array(env, value, &is_array), "a value");
  return is_array;
}

std::vector<int64_t> Ints(napi_env env, napi_value array) {
  std::vector<int64_t> numbers(Length(env, array));
  for (uint32_t i = 0; i < numbers.size(); i++) numbers[i] = Int(env, At(env, array, i));
  return numbers;
}

void SetAttr(napi_env env, TF_OperationDescription *op, napi_value attr) {
  const std::string name = Text(env, Get(env, attr, "name"));
  const int64_t type = Int(env, Get(env, attr, "type"));
  napi_value value = Get(env, attr, "value");
  switch (type) {
    case TF_ATTR_STRING: {
      const std::string text = Text(env, value);
      TF_SetAttrString(op, name.c_str(), text.data(), text.size());
      return;
    }
    case TF_ATTR_INT:
      if (IsArray(env, value)) {
        const std::vector<int64_t> numbers = Ints(env, value);
        TF_SetAttrIntList(op, name.c_str(), numbers.data(), static_cast<int>(numbers.size()));
      } else {
        TF_SetAttrInt(op, name.c_str(), Int(env, value));
      }
      return;
    case TF_ATTR_FLOAT: {
      double number;
      Check(env, napi_get_value_double(env, value, &number), "a number");
      TF_SetAttrFloat(op, name.c_str(), static_cast<float>(number));
      return;
    }
    case TF_ATTR_BOOL: {
      bool flag;
      Check(env, napi_get_value_bool(env, value, &flag), "a boolean");
      TF_SetAttrBool(op, name.c_str(), flag);
      return;
    }
    case TF_ATTR_TYPE:
      TF_SetAttrType(op, name.c_str(), static_cast<TF_DataType>(Int(env, value)));
      return;
    case TF_ATTR_SHAPE: {
      const std::vector<int64_t> shape = Ints(env, value);
      TF_SetAttrShape(op, name.c_str(), shape.data(), static_cast<int>(shape.size()));
      return;
    }
    default:
      Throw(env, "Attribute " + name + " has an unknown type");
  }
}

// A placeholder, or a constant where the value is given.
TF_Output AddValue(napi_env env, TF_Graph *graph, napi_value value, const std::string &name) {
  Status status(TF_NewStatus());
  const TF_DataType dtype = static_cast<TF_DataType>(Int(env, Get(env, value, "dtype")));
  const std::vector<int64_t> shape = Ints(env, Get(env, value, "shape"));
  const int rank = static_cast<int>(shape.size());
  napi_value values = Get(env, value, "values");
  napi_valuetype type;
  Check(env, napi_typeof(env, values, &type), "a value");
  const bool constant = type == napi_object;
  TF_OperationDescription *op = TF_NewOperation(graph, constant ? "Const" : "Placeholder", name.c_str());
  TF_SetAttrType(op, "dtype", dtype);
  if (constant) {
    size_t length, offset;
    napi_typedarray_type array_type;
    napi_value buffer;
    void *data;
    Check(env, napi_get_typedarray_info(env, values, &array_type, &length, &data, &buffer, &offset), "a typed array");
    size_t elements = 1;
    for (int64_t size : shape) elements *= static_cast<size_t>(size);
    if (elements != length) Throw(env, "Expected as many values as the shape of the constant says");
    TF_Tensor *tensor = TF_AllocateTensor(dtype, shape.data(), rank, length * TF_DataTypeSize(dtype));
    std::memcpy(TF_TensorData(tensor), data, length * TF_DataTypeSize(dtype));
    TF_SetAttrTensor(op, "value", tensor, status.get());
    TF_DeleteTensor(tensor);
    Check(env, status, name);
  } else {
    TF_SetAttrShape(op, "shape", shape.data(), rank);
  }
  TF_Operation *operation = TF_FinishOperation(op, status.get());
  Check(env, status, name);
  return {operation, 0};
}

// Operations that take a list: how many of their last inputs do not belong to it; −1 for all others.
int InputsAfterList(const std::string &name) {
  if (name == "ConcatV2") return 1;
  if (name == "Pack" || name == "AddN" || name == "IdentityN" || name == "Einsum") return 0;
  return -1;
}

TF_Operation *AddNode(napi_env env, TF_Graph *graph, const std::string &type, const std::string &name,
                      napi_value attrs, const std::vector<TF_Output> &inputs) {
  Status status(TF_NewStatus());
  TF_OperationDescription *op = TF_NewOperation(graph, type.c_str(), name.c_str());
  const int after = InputsAfterList(type);
  size_t next = 0;
  if (after >= 0) {
    next = inputs.size() - static_cast<size_t>(after);
    TF_AddInputList(op, inputs.data(), static_cast<int>(next));
  }
  for (; next < inputs.size(); next++) TF_AddInput(op, inputs[next]);
  const uint32_t count = Length(env, attrs);
  for (uint32_t i = 0; i < count; i++) {
    napi_value attr = At(env, attrs, i);
    // The length of a list follows from the list.
    if (after >= 0 && Text(env, Get(env, attr, "name")) == "N") continue;
    SetAttr(env, op, attr);
  }
  TF_Operation *operation = TF_FinishOperation(op, status.get());
  Check(env, status, type);
  return operation;
}

TFJSBackend *Arguments(napi_env env, napi_callback_info info, size_t count, napi_value *args) {
  void *data;
  size_t argc = count;
  Check(env, napi_get_cb_info(env, info, &argc, args, nullptr, &data), "arguments");
  if (argc < count) Throw(env, "Expected " + std::to_string(count) + " arguments");
  return static_cast<TFJSBackend *>(data);
}

napi_value Describe(napi_env env, TF_Graph *graph, TF_Output output) {
  Status status(TF_NewStatus());
  napi_value described, dtype, shape;
  Check(env, napi_create_object(env, &described), "an object");
  Check(env, napi_create_int32(env, TF_OperationOutputType(output), &dtype), "a number");
  Check(env, napi_set_named_property(env, described, "dtype", dtype), "an object");
  const int rank = TF_GraphGetTensorNumDims(graph, output, status.get());
  Check(env, status, "shape");
  std::vector<int64_t> sizes(rank < 0 ? 0 : rank);
  if (rank > 0) TF_GraphGetTensorShape(graph, output, sizes.data(), rank, status.get());
  Check(env, status, "shape");
  bool known = rank >= 0;
  for (int64_t size : sizes) known = known && size >= 0;
  if (known) {
    Check(env, napi_create_array_with_length(env, sizes.size(), &shape), "an array");
    for (size_t i = 0; i < sizes.size(); i++) {
      napi_value size;
      Check(env, napi_create_int64(env, sizes[i], &size), "a number");
      Check(env, napi_set_element(env, shape, i, size), "an array");
    }
  } else {
    Check(env, napi_get_null(env, &shape), "null");
  }
  Check(env, napi_set_named_property(env, described, "shape", shape), "an object");
  return described;
}

napi_value InferOp(napi_env env, napi_callback_info info) {
  try {
    napi_value args[3];
    Arguments(env, info, 3, args);
    Graph graph(TF_NewGraph());
    std::vector<TF_Output> inputs;
    const uint32_t count = Length(env, args[2]);
    for (uint32_t i = 0; i < count; i++) {
      inputs.push_back(AddValue(env, graph.get(), At(env, args[2], i), "value_" + std::to_string(i)));
    }
    TF_Operation *operation = AddNode(env, graph.get(), Text(env, args[0]), "node", args[1], inputs);
    const int outputs = TF_OperationNumOutputs(operation);
    napi_value result;
    Check(env, napi_create_array_with_length(env, outputs, &result), "an array");
    for (int i = 0; i < outputs; i++) {
      Check(env, napi_set_element(env, result, i, Describe(env, graph.get(), {operation, i})), "an array");
    }
    return result;
  } catch (const Pending &) {
    return nullptr;
  }
}

napi_value DefineFunction(napi_env env, napi_callback_info info) {
  try {
    napi_value args[6];
    TFJSBackend *backend = Arguments(env, info, 6, args);
    Status status(TF_NewStatus());
    Graph graph(TF_NewGraph());
    const std::string name = Text(env, args[0]);
    std::vector<TF_Output> values;
    const uint32_t arguments = Length(env, args[1]);
    for (uint32_t i = 0; i < arguments; i++) {
      values.push_back(AddValue(env, graph.get(), At(env, args[1], i), "argument_" + std::to_string(i)));
    }
    const uint32_t constants = Length(env, args[2]);
    for (uint32_t i = 0; i < constants; i++) {
      values.push_back(AddValue(env, graph.get(), At(env, args[2], i), "constant_" + std::to_string(i)));
    }
    const uint32_t nodes = Length(env, args[3]);
    for (uint32_t n = 0; n < nodes; n++) {
      napi_value node = At(env, args[3], n);
      std::vector<TF_Output> inputs;
      for (int64_t slot : Ints(env, Get(env, node, "inputs"))) {
        if (slot < 0 || static_cast<size_t>(slot) >= values.size()) Throw(env, "Expected the number of a value");
        inputs.push_back(values[slot]);
      }
      TF_Operation *operation = AddNode(env, graph.get(), Text(env, Get(env, node, "name")),
                                        "node_" + std::to_string(n), Get(env, node, "attrs"), inputs);
      const int outputs = static_cast<int>(Int(env, Get(env, node, "outputs")));
      if (outputs != TF_OperationNumOutputs(operation)) Throw(env, "Expected another number of outputs");
      for (int i = 0; i < outputs; i++) values.push_back({operation, i});
    }
    std::vector<TF_Output> outputs;
    for (int64_t slot : Ints(env, args[4])) outputs.push_back(values.at(slot));
    Function function(TF_GraphToFunction(graph.get(), name.c_str(), 0, -1, nullptr, static_cast<int>(arguments),
                                         values.data(), static_cast<int>(outputs.size()), outputs.data(), nullptr,
                                         nullptr, nullptr, status.get()));
    Check(env, status, name);
    const uint32_t attributes = Length(env, args[5]);
    for (uint32_t i = 0; i < attributes; i++) {
      // An AttrValue whose field 5, `b`, is true.
      const char yes[] = {0x28, 0x01};
      TF_FunctionSetAttrValueProto(function.get(), Text(env, At(env, args[5], i)).c_str(), yes, 2, status.get());
      Check(env, status, name);
    }
    TFE_ContextAddFunction(backend->tfe_context_, function.get(), status.get());
    Check(env, status, name);
    return nullptr;
  } catch (const Pending &) {
    return nullptr;
  }
}

napi_value RemoveFunction(napi_env env, napi_callback_info info) {
  try {
    napi_value args[1];
    TFJSBackend *backend = Arguments(env, info, 1, args);
    Status status(TF_NewStatus());
    const std::string name = Text(env, args[0]);
    TFE_ContextRemoveFunction(backend->tfe_context_, name.c_str(), status.get());
    Check(env, status, name);
    return nullptr;
  } catch (const Pending &) {
    return nullptr;
  }
}

// Lets the C library keep what a step frees for the next one. As it comes, it gives tensors of a few megabytes back to the
// system and takes them anew, page by page: with these two limits set from outside, a step of TSMixer Base took 97 ms instead of
// 171 (2 cores).
void KeepFreedMemory() {
#ifdef __GLIBC__
  // The largest that it takes; larger blocks are mapped one by one as before.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
#endif
}

}  // namespace

void RegisterGraphFunctions(napi_env env, napi_value exports, TFJSBackend *backend) {
  KeepFreedMemory();
  const napi_property_descriptor properties[] = {
      {"inferOp", nullptr, InferOp, nullptr, nullptr, nullptr, napi_default, backend},
      {"defineFunction", nullptr, DefineFunction, nullptr, nullptr, nullptr, napi_default, backend},
      {"removeFunction", nullptr, RemoveFunction, nullptr, nullptr, nullptr, napi_default, backend},
  };
  napi_define_properties(env, exports, 3, properties);
}

}  // namespace tfnodejs
