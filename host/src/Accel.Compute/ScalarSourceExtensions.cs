namespace Accel.Compute;

/// <summary>Reading whole scalar sources.</summary>
public static class ScalarSourceExtensions
{
    /// <summary>All scalars in host memory: the source's own if it lies there, otherwise read into a buffer.</summary>
    /// <param name="source">The scalars.</param>
    /// <param name="buffer">Room for <see cref="IScalarSource.Count"/> of them, not used if the source has its own.</param>
    /// <param name="cancel">Cancels the reading.</param>
    public static async ValueTask<ReadOnlyMemory<Fr>> ToMemoryAsync(this IScalarSource source, Memory<Fr> buffer, CancellationToken cancel)
    {
        if (source.TryGetMemory(out ReadOnlyMemory<Fr> memory))
        {
            return memory;
        }

        await source.ReadAsync(0, buffer[..source.Count], cancel);
        return buffer[..source.Count];
    }
}
