using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Accel.Network.Evm;

/// <summary>Serialisation of requests and answers, generated at compile time: a Native AOT program has no reflection to fall back on.</summary>
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class JsonRpcMessages : JsonSerializerContext;
