using System.Text.Json;
using Accel.Testing;

namespace Accel.Algebra.Tests;

/// <summary>Reads the JSON of outside test vectors.</summary>
internal static class OutsideVectors
{
    /// <summary>The root element of a file; skips the calling test when the file is absent.</summary>
    public static JsonElement Read(string relativePath) =>
        JsonDocument.Parse(File.ReadAllText(OutsideData.Path(relativePath))).RootElement;

    /// <summary>An array of decimal or 0x-hexadecimal field elements.</summary>
    public static Fr[] ReadElements(this JsonElement array) => [.. array.EnumerateArray().Select(item => Fr.Parse(item.GetString()!))];
}
