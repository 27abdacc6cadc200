namespace Accel.Compute.OpenCl;

/// <summary>How an OpenCL device is used.</summary>
public sealed record OpenClOptions
{
    /// <summary>Host threads for recoding and sorting scalars and for G2, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bits of a limb, 64 or 32; null for what the device prefers.</summary>
    public int? LimbBits { get; init; }

    /// <summary>Bits of an MSM's window, 2 to 16; null lets a cost model choose.</summary>
    public int? WindowBits { get; init; }

    /// <summary>Scalars of a product that are worked on at once; they bound the working memory whatever the product's size.</summary>
    public int ChunkScalars { get; init; } = 1 << 20;

    /// <summary>Whether work-group sizes are measured; null measures them on devices other than processors.</summary>
    public bool? Measure { get; init; }

    /// <summary>The folder of compiled kernels and measured sizes; empty for none.</summary>
    public string CacheFolder { get; init; } = OpenClCache.DefaultFolder;

    /// <summary>Takes what only someone who looks for a fault wants to know, such as a damaged file in the cache.</summary>
    public Action<string> Debug { get; init; } = static _ => { };
}
