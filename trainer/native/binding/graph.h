// Functions that Almanac adds to tfjs-node's binding: many operations become one TensorFlow function, called as one.
#ifndef ALMANAC_GRAPH_H_
#define ALMANAC_GRAPH_H_

#include <node_api.h>

namespace tfnodejs {

class TFJSBackend;

// Adds inferOp, defineFunction and removeFunction to `exports`.
void RegisterGraphFunctions(napi_env env, napi_value exports, TFJSBackend *backend);

}  // namespace tfnodejs

#endif  // ALMANAC_GRAPH_H_
