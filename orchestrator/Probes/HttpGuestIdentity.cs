using System.Net;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Probes;

/// <summary>Reads a guest's identity by HTTP GET, at the member's own address (promise 2).</summary>
/// <param name="settings">Where to ask.</param>
/// <param name="time">The clock of the timeout and of the facts.</param>
/// <exception cref="AdapterException">The file with the certificate authority cannot be read.</exception>
public sealed class HttpGuestIdentity(HttpIdentitySettings settings, TimeProvider time) : GuestQuestion(settings.Timeout, time)
{
    private readonly Connections connections = new(settings.Tls, settings.TlsCa, settings.TlsSkipVerify, time);

    private protected override string Question(Member member) => $"GET {Url(member).GetLeftPart(UriPartial.Path)}";

    private protected override async Task<(ReadOnlyMemory<byte> Answer, string? HostKey)> AskAsync(Member member, CancellationToken cancellation)
    {
        using var client = new HttpMessageInvoker(connections.Open());
        using var request = new HttpRequestMessage(HttpMethod.Get, Url(member));
        request.Headers.Host = settings.Host;
        request.Headers.ConnectionClose = true;
        request.Headers.UserAgent.ParseAdd("refresh-probe");
        using var response = await client.SendAsync(request, cancellation);
        return response.StatusCode == HttpStatusCode.OK
            ? (await BoundedBody.WholeAsync(await response.Content.ReadAsStreamAsync(cancellation), cancellation), null)
            : throw new FormatException($"{(int)response.StatusCode}, expected 200");
    }

    private Uri Url(Member member) => connections.Url(member, settings.Port, settings.Path);
}
