namespace Accel.Compute;

/// <summary>
/// A backend that takes scalars while they are still being computed. One that is not computes best with all of them in its caller's memory: the CPU has nothing
/// to transfer, and would only hold the caller's processors up.
/// </summary>
public interface IStreamingBackend
{
    /// <summary>
    /// Begins to bring scalars to the device, once for all products that will use them: each chunk when it is final, in whatever order that happens, a bounded
    /// number at a time. Nobody waits for it but those products.
    /// </summary>
    /// <param name="scalars">The scalars.</param>
    /// <param name="cancel">Ends the transfers.</param>
    ValueTask<IStreamedScalars> StreamAsync(GrowingScalars scalars, CancellationToken cancel);
}

/// <summary>Scalars on their way to a device; dispose when no product uses them any more, to end the transfers and free the device's memory.</summary>
public interface IStreamedScalars : IAsyncDisposable
{
    /// <summary>Bytes that have arrived.</summary>
    long BytesSent { get; }

    /// <summary>
    /// The scalars from one on, for products of the backend that they go to. Such a product takes chunks as they arrive. It keeps its engine meanwhile, so begin
    /// none while the producer itself still needs the backend.
    /// </summary>
    /// <param name="first">The first scalar, from 0 to their number.</param>
    IScalarSource From(int first);
}
