namespace Accel.Compute.Auto;

/// <summary>A device as it stands when a choice is made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Model">What it takes for what.</param>
/// <param name="Resource">What it computes with: devices of one resource are no faster side by side.</param>
/// <param name="BacklogMs">Milliseconds of work that its resource is still expected to do.</param>
/// <param name="IsResident">Whether the bases of a product are there.</param>
/// <param name="Refusal">Why it must not be used; null when it may.</param>
public sealed record DeviceState(string Name, CostModel Model, string Resource, double BacklogMs = 0, bool IsResident = true, string? Refusal = null);

/// <summary>What a device was expected to take.</summary>
/// <param name="Device">Its name.</param>
/// <param name="ExpectedMs">Backlog, transfer and work in milliseconds; null when it was not asked.</param>
/// <param name="Refusal">Why it was not asked.</param>
public sealed record Candidate(string Device, double? ExpectedMs, string? Refusal);

/// <summary>A part of an operation.</summary>
/// <param name="Device">Where it goes.</param>
/// <param name="Offset">Its first scalar.</param>
/// <param name="Count">Its scalars.</param>
/// <param name="WorkMs">Milliseconds that it is expected to keep the device busy, without what it waits for.</param>
public sealed record Share(string Device, int Offset, int Count, double WorkMs);

/// <summary>Where an operation goes, and why.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Count">Its size.</param>
/// <param name="Candidates">Every device, in their order.</param>
/// <param name="Shares">One for all of it, or several that run side by side.</param>
/// <param name="ExpectedMs">Milliseconds until all shares are done.</param>
public sealed record Choice(ComputeOperation Operation, long Count, IReadOnlyList<Candidate> Candidates, IReadOnlyList<Share> Shares, double ExpectedMs);

/// <summary>Picks devices by their cost models. It only computes.</summary>
public static class BackendChooser
{
    /// <summary>A split must be this much faster than the best device alone: models err, and a sum waits for its slowest part.</summary>
    private const double SplitGain = 0.85;

    private const int SmallestShare = 1 << 12;

    /// <summary>The device, or the devices, that will be done first.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="count">Its size.</param>
    /// <param name="devices">Those that are there; the first wins a tie.</param>
    /// <param name="uses">How often bases that are made resident now will be used, at least 1.</param>
    /// <exception cref="NotSupportedException">No device may do it; the message says why not, device by device.</exception>
    public static Choice Choose(ComputeOperation operation, int count, IReadOnlyList<DeviceState> devices, int uses = 1)
    {
        Candidate[] candidates = [.. devices.Select(device => Consider(operation, count, device, uses))];
        if (candidates.Where(candidate => candidate.ExpectedMs is not null).MinBy(candidate => candidate.ExpectedMs) is not { ExpectedMs: { } best } winner)
        {
            throw new NotSupportedException(
                $"no device does {operation} of {count:N0}: {string.Join("; ", candidates.Select(candidate => $"{candidate.Device}: {candidate.Refusal}"))}");
        }

        DeviceState chosen = devices[Array.IndexOf(candidates, winner)];
        Choice whole = new(operation, count, candidates, [new Share(chosen.Name, 0, count, best - chosen.BacklogMs)], best);
        return operation is ComputeOperation.MsmG1 or ComputeOperation.MsmG2 && Split(operation, count, devices, candidates, uses) is { } split
            && split.ExpectedMs < best * SplitGain ? split : whole;
    }

    private static Candidate Consider(ComputeOperation operation, int count, DeviceState device, int uses)
    {
        if (device.Refusal is not null)
        {
            return new Candidate(device.Name, null, device.Refusal);
        }

        return Work(operation, count, device, uses) is { } work
            ? new Candidate(device.Name, device.BacklogMs + work, null)
            : new Candidate(device.Name, null, $"{operation} was not measured on it");
    }

    private static double? Work(ComputeOperation operation, int count, DeviceState device, int uses)
    {
        double load = operation == ComputeOperation.MsmG1 && !device.IsResident ? device.Model.Estimate(ComputeOperation.LoadG1, count) ?? 0 : 0;
        return device.Model.Estimate(operation, count) + (load / uses);
    }

    /// <summary>
    /// The earliest moment by which the devices together can be done, found by bisection: each takes as much as it can finish by then. Of each
    /// resource only the device that is best alone takes part.
    /// </summary>
    private static Choice? Split(ComputeOperation operation, int count, IReadOnlyList<DeviceState> devices, Candidate[] candidates, int uses)
    {
        DeviceState[] partners = [.. devices.Zip(candidates)
            .Where(pair => pair.Second.ExpectedMs is not null)
            .GroupBy(pair => pair.First.Resource)
            .Select(group => group.MinBy(pair => pair.Second.ExpectedMs).First)];
        if (partners.Length < 2 || count < 2 * SmallestShare)
        {
            return null;
        }

        double early = 0;
        double late = candidates.Min(candidate => candidate.ExpectedMs) ?? 0;
        const int Steps = 30;
        for (int step = 0; step < Steps; step++)
        {
            double middle = (early + late) / 2;
            (early, late) = partners.Sum(device => (long)Capacity(operation, count, device, middle, uses)) >= count ? (early, middle) : (middle, late);
        }

        List<Share> shares = [];
        int offset = 0;
        foreach (DeviceState device in partners.OrderByDescending(device => Capacity(operation, count, device, late, uses)))
        {
            int share = Math.Min(count - offset, Capacity(operation, count, device, late, uses));
            if (share > 0)
            {
                shares.Add(new Share(device.Name, offset, share, Work(operation, share, device, uses) ?? 0));
                offset += share;
            }
        }

        return offset == count && shares.Count > 1 ? new Choice(operation, count, candidates, shares, late) : null;
    }

    /// <summary>The most scalars that a device finishes within a time; none when that is too few to be worth its start.</summary>
    private static int Capacity(ComputeOperation operation, int count, DeviceState device, double milliseconds, int uses)
    {
        int fits = 0;
        int tooMany = count + 1;
        while (tooMany - fits > 1)
        {
            int middle = fits + ((tooMany - fits) / 2);
            (fits, tooMany) = device.BacklogMs + Work(operation, middle, device, uses) <= milliseconds ? (middle, tooMany) : (fits, middle);
        }

        return fits < SmallestShare ? 0 : fits;
    }
}
