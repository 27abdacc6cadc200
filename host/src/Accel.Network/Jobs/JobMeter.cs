using System.Diagnostics.Metrics;

namespace Accel.Network.Jobs;

/// <summary>What a runner counts, under the meter <see cref="Name"/>.</summary>
internal sealed class JobMeter : IDisposable
{
    /// <summary>The meter's name, by which exporters find it.</summary>
    public const string Name = "Accel.Jobs";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _declined;
    private readonly Counter<long> _failed;
    private readonly Histogram<double> _proofs;

    public JobMeter(JobStore store)
    {
        _accepted = _meter.CreateCounter<long>("accel.jobs.accepted", "{job}", "Jobs that were accepted.");
        _refused = _meter.CreateCounter<long>("accel.jobs.refused", "{job}", "Jobs that were told to come again later.");
        _declined = _meter.CreateCounter<long>("accel.jobs.declined", "{job}", "Requests of which no proof can be made.");
        _failed = _meter.CreateCounter<long>("accel.jobs.failed_attempts", "{attempt}", "Attempts that ended without a proof.");
        _proofs = _meter.CreateHistogram<double>("accel.jobs.proof.duration", "s", "Time from the start of a job to its stored proof.");
        _meter.CreateObservableGauge("accel.jobs.queued", () => Count(store).Queued, "{job}", "Jobs that wait.");
        _meter.CreateObservableGauge("accel.jobs.running", () => Count(store).Running, "{job}", "Jobs that are being proved.");
    }

    public void Accepted() => _accepted.Add(1);

    public void Refused(RefusalCause cause) => _refused.Add(1, new KeyValuePair<string, object?>("cause", cause.ToString()));

    public void Declined() => _declined.Add(1);

    public void Failed(string circuit) => _failed.Add(1, new KeyValuePair<string, object?>("circuit", circuit));

    public void Proved(string circuit, double seconds) => _proofs.Record(seconds, new KeyValuePair<string, object?>("circuit", circuit));

    public void Dispose() => _meter.Dispose();

    private static JobCounts Count(JobStore store) => store.HasFailed ? default : store.Count();
}
