using System.Text.Json.Serialization;
using Accel.Derivatives.Settlement;

namespace Accel.Cli;

/// <summary>Serialisation of the files that `accel settle` writes and `accel submit` reads, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BatchRecord))]
[JsonSerializable(typeof(SettlementReport))]
internal sealed partial class FileSchema : JsonSerializerContext;

/// <summary>Serialisation of the library's records inside the objects that <c>--json</c> prints, generated at compile time.</summary>
[JsonSerializable(typeof(BatchRecord))]
[JsonSerializable(typeof(SettlementReport))]
[JsonSerializable(typeof(Dictionary<string, double>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class OutputSchema : JsonSerializerContext;
