using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Accel.Network.Jobs;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Testing;
using Xunit;

namespace Accel.Node.Tests;

/// <summary>The node as its operator runs it.</summary>
public sealed class NodeCommandTests : IDisposable
{
    private static readonly ChainCircuit Circuit = new(60_000);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_is_killed_in_a_proof_ends_the_job_once_after_its_restart_and_one_that_is_stopped_gives_it_back()
    {
        await Circuit.RegisterAsync(_folder["circuits"], "chain", withConstraints: true, Cancel);
        await File.WriteAllTextAsync(_folder["accel.toml"], "threads = 1\n[node]\nport = 0\ncircuits = \"circuits\"\nstore = \"store/jobs.db\"\ndrain_seconds = 0\n", Cancel);
        string job;
        await using (NodeProcess killed = await NodeProcess.StartAsync(_folder["accel.toml"]))
        {
            HttpResponseMessage declined = await SubmitAsync(killed, "lie", Circuit.Witness(2, lie: 7));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, declined.StatusCode);
            Assert.Contains("constraint 4", await declined.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

            HttpResponseMessage accepted = await SubmitAsync(killed, "key", Circuit.Witness(2));
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            job = accepted.Headers.Location!.ToString();
            await FirstPhaseAsync(killed, job);
            await killed.KillAsync();
        }

        await using (NodeProcess stopped = await NodeProcess.StartAsync(_folder["accel.toml"]))
        {
            await FirstPhaseAsync(stopped, job);
            (int status, string output) = await stopped.TerminateAsync();
            Assert.Equal((0, "stopped; 1 jobs wait for the next start"), (status, output.Trim()));
        }

        await using NodeProcess last = await NodeProcess.StartAsync(_folder["accel.toml"]);
        List<string> states = [];
        await foreach (SseItem<string> item in EventsAsync(last, job))
        {
            if (item.EventType == "state")
            {
                states.Add(JsonDocument.Parse(item.Data).RootElement.GetProperty("state").GetString()!);
            }
        }

        Assert.Equal(["Queued", "Running", "Queued", "Running", "Queued", "Running", "Proved"], states);
        // Here no type is described by reflection, as in the build that is compiled ahead of time.
        Assert.Contains("/v1/jobs/{id}/proof", await last.Http.GetStringAsync("/openapi/v1.json", Cancel), StringComparison.Ordinal);
        HttpResponseMessage same = await SubmitAsync(last, "key", Circuit.Witness(2));
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        Assert.Equal(2, JsonDocument.Parse(await same.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("attempts").GetInt32());
        JsonElement proof = JsonDocument.Parse(await last.Http.GetStringAsync($"{job}/proof", Cancel)).RootElement;
        using ProvingKey key = ZkeyFile.Read(Path.Combine(_folder["circuits"], "chain", WitnessProver.KeyFile));
        Assert.True(Groth16Verifier.Verify(
            VerificationKey.FromProvingKey(key),
            PublicJson.Parse("public", Encoding.UTF8.GetBytes(proof.GetProperty("publicInputs").GetRawText())),
            ProofJson.Parse("proof", Encoding.UTF8.GetBytes(proof.GetProperty("proof").GetRawText()))));
    }

    public void Dispose() => _folder.Dispose();

    private static Task<HttpResponseMessage> SubmitAsync(NodeProcess node, string key, byte[] witness)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/v1/jobs?circuit=chain") { Content = new ByteArrayContent(witness), Headers = { { "Idempotency-Key", key } } };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return node.Http.SendAsync(request, Cancel);
    }

    /// <summary>Waits until a proof is at work.</summary>
    private static async Task FirstPhaseAsync(NodeProcess node, string job)
    {
        await foreach (SseItem<string> item in EventsAsync(node, job))
        {
            if (item.EventType == "phase")
            {
                return;
            }
        }

        Assert.Fail("the job ended before a phase was heard of");
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(NodeProcess node, string job)
    {
        using Stream stream = await node.Http.GetStreamAsync($"{job}/events", Cancel);
        await foreach (SseItem<string> item in SseParser.Create(stream).EnumerateAsync(Cancel))
        {
            yield return item;
        }
    }
}
