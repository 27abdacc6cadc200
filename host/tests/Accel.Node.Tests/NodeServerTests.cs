using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Accel.Network.Jobs;
using Accel.Testing;
using Xunit;

namespace Accel.Node.Tests;

/// <summary>What clients may rely on, and what they may not do.</summary>
public sealed class NodeServerTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedProver _prover = new();
    private JobStore? _store;
    private JobRunner? _runner;
    private NodeServer? _server;
    private HttpClient? _http;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private HttpClient Http => _http!;

    [Fact]
    public async Task A_job_goes_from_submission_to_proof_and_its_events_come_in_order()
    {
        await StartAsync(new NodeOptions());
        HttpResponseMessage accepted = await SubmitAsync("1");
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        string job = accepted.Headers.Location!.ToString();
        Assert.Equal(HttpStatusCode.OK, (await SubmitAsync("1")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await SubmitAsync("1", body: [9])).StatusCode);
        await AssertProblemAsync(HttpStatusCode.Conflict, "no-proof", await Http.GetAsync($"{job}/proof", Cancel));

        using Stream stream = await Http.GetStreamAsync($"{job}/events", Cancel);
        _prover.End();
        List<SseItem<string>> events = [];
        await foreach (SseItem<string> item in SseParser.Create(stream).EnumerateAsync(Cancel))
        {
            events.Add(item);
        }

        Assert.Equal(["Queued", "Running", "Proved"], events.Where(item => item.EventType == "state").Select(item => JsonDocument.Parse(item.Data).RootElement.GetProperty("state").GetString()));
        Assert.Equal(["1", "2", "3"], events.Where(item => item.EventType == "state").Select(item => item.EventId));
        Assert.Contains(events, item => item.EventType == "phase" && item.Data.Contains("Verification", StringComparison.Ordinal));

        JsonElement proof = await ReadAsync(await Http.GetAsync($"{job}/proof", Cancel));
        Assert.Equal("1", proof.GetProperty("publicInputs")[0].GetString());
        Assert.True(proof.GetProperty("developmentKey").GetBoolean());
        Assert.Equal(HttpStatusCode.NoContent, (await Http.DeleteAsync(job, Cancel)).StatusCode);
        await AssertProblemAsync(HttpStatusCode.NotFound, "no-such-job", await Http.GetAsync(job, Cancel));
    }

    [Fact]
    public async Task Malformed_and_oversized_requests_are_refused_as_problems_and_do_no_harm()
    {
        await StartAsync(new NodeOptions { BodyBytesMax = 100 });
        await AssertProblemAsync(HttpStatusCode.BadRequest, "idempotency-key", await SubmitAsync(key: null));
        await AssertProblemAsync(HttpStatusCode.BadRequest, "idempotency-key", await SubmitAsync(key: new string('k', 129)));
        await AssertProblemAsync(HttpStatusCode.UnsupportedMediaType, "content-type", await SubmitAsync("1", type: "text/plain"), isOurs: false);
        await AssertProblemAsync(HttpStatusCode.UnprocessableEntity, "unprovable", await SubmitAsync("1", body: []));
        await AssertProblemAsync(HttpStatusCode.UnprocessableEntity, "unprovable", await SubmitAsync("1", circuit: "other"));
        await AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, "request", await SubmitAsync("1", body: new byte[101]));
        await AssertProblemAsync(HttpStatusCode.NotFound, "no-such-job", await Http.GetAsync("/v1/jobs/../../etc", Cancel), isOurs: false);
        await AssertProblemAsync(HttpStatusCode.NotFound, "no-such-job", await Http.GetAsync($"/v1/jobs/{Guid.Empty:N}", Cancel));
        Assert.Equal(HttpStatusCode.BadRequest, (await Http.PostAsync("/v1/jobs", null, Cancel)).StatusCode);

        using HttpRequestMessage foreign = new(HttpMethod.Get, "/v1/circuits") { Headers = { Host = "evil.example" } };
        Assert.Equal(HttpStatusCode.BadRequest, (await Http.SendAsync(foreign, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await SubmitAsync("1")).StatusCode);
    }

    [Fact]
    public async Task A_full_queue_says_when_to_come_again_and_keeps_what_it_has()
    {
        await StartAsync(new NodeOptions(), new JobLimits { UnfinishedMax = 2 });
        await SubmitAsync("1");
        await SubmitAsync("2");
        HttpResponseMessage refused = await SubmitAsync("3");
        await AssertProblemAsync(HttpStatusCode.ServiceUnavailable, "queue-full", refused);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 300);
        Assert.Equal(HttpStatusCode.OK, (await SubmitAsync("2")).StatusCode);
    }

    [Fact]
    public async Task Keys_are_demanded_kept_apart_and_have_quotas()
    {
        (string alice, string aliceLine) = ApiKeyRing.Create(new ApiClient("alice", new ClientQuota(1, 10)));
        (string bob, string bobLine) = ApiKeyRing.Create(new ApiClient("bob", new ClientQuota(10, 10)));
        await File.WriteAllLinesAsync(_folder["keys"], ["# clients", aliceLine, string.Empty, bobLine], Cancel);
        Assert.DoesNotContain(alice, await File.ReadAllTextAsync(_folder["keys"], Cancel), StringComparison.Ordinal);
        await StartAsync(new NodeOptions { Keys = ApiKeyRing.Read(_folder["keys"]) });

        Assert.Equal(HttpStatusCode.OK, (await Http.GetAsync("/health/live", Cancel)).StatusCode);
        await AssertProblemAsync(HttpStatusCode.Unauthorized, "unauthorized", await SubmitAsync("1"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Http.GetAsync("/metrics", Cancel)).StatusCode);
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", alice + "0");
        Assert.Equal(HttpStatusCode.Unauthorized, (await SubmitAsync("1")).StatusCode);

        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", alice);
        HttpResponseMessage accepted = await SubmitAsync("1");
        await AssertProblemAsync(HttpStatusCode.TooManyRequests, "quota-spent", await SubmitAsync("2"));

        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bob);
        Assert.Equal(HttpStatusCode.Accepted, (await SubmitAsync("1")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Http.GetAsync(accepted.Headers.Location, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Http.DeleteAsync(accepted.Headers.Location, Cancel)).StatusCode);
    }

    [Fact]
    public async Task It_describes_itself_counts_and_says_when_it_takes_nothing_more()
    {
        await StartAsync(new NodeOptions());
        await SubmitAsync("1");
        JsonElement paths = (await ReadAsync(await Http.GetAsync("/openapi/v1.json", Cancel))).GetProperty("paths");
        Assert.All(["/v1/jobs", "/v1/jobs/{id}", "/v1/jobs/{id}/events", "/v1/jobs/{id}/proof", "/v1/circuits"], path => Assert.True(paths.TryGetProperty(path, out _), path));
        Assert.Contains("accel_jobs_accepted", await Http.GetStringAsync("/metrics", Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Http.GetAsync("/health/ready", Cancel)).StatusCode);

        await _runner!.DrainAsync(TimeSpan.Zero);
        await AssertProblemAsync(HttpStatusCode.ServiceUnavailable, "not-ready", await Http.GetAsync("/health/ready", Cancel));
        await AssertProblemAsync(HttpStatusCode.ServiceUnavailable, "draining", await SubmitAsync("2"));
        Assert.Equal(HttpStatusCode.OK, (await SubmitAsync("1")).StatusCode);
    }

    [Fact]
    public async Task An_address_that_strangers_reach_needs_keys_and_a_certificate()
    {
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(new NodeOptions { Address = IPAddress.Any }));
        Assert.Contains("node.api_keys and node.certificate", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_malformed_line_of_a_key_file_is_named()
    {
        File.WriteAllLines(_folder["keys"], ["alice 00 1 1"]);
        Assert.Contains("keys:1", Assert.Throws<InvalidDataException>(() => ApiKeyRing.Read(_folder["keys"])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ApiKeyRing.Create(new ApiClient("a b", ClientQuota.None)));
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_runner is not null)
        {
            await _runner.DisposeAsync();
        }

        _store?.Dispose();
        _folder.Dispose();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement;
    }

    private static async Task AssertProblemAsync(HttpStatusCode status, string kind, HttpResponseMessage response, bool isOurs = true)
    {
        string text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(status == response.StatusCode, $"{response.StatusCode}, not {status}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        if (isOurs)
        {
            Assert.Equal($"urn:accel:{kind}", JsonDocument.Parse(text).RootElement.GetProperty("type").GetString());
        }
    }

    private async Task StartAsync(NodeOptions options, JobLimits? limits = null)
    {
        _store = JobStore.Open(_folder["jobs.db"], limits ?? new JobLimits(), TimeProvider.System);
        _runner = JobRunner.Start(_store, _prover, TimeProvider.System);
        _server = await NodeServer.StartAsync(_runner, options, Cancel);
        _http = new HttpClient { BaseAddress = _server.Address };
    }

    private Task<HttpResponseMessage> SubmitAsync(string? key, byte[]? body = null, string circuit = "any", string type = "application/octet-stream")
    {
        HttpRequestMessage request = new(HttpMethod.Post, $"/v1/jobs?circuit={circuit}") { Content = new ByteArrayContent(body ?? [1, 2, 3]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return Http.SendAsync(request, Cancel);
    }
}
