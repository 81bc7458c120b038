using System.Globalization;
using System.Text;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Probes;

/// <summary>Asks by HTTP GET: status, headers, and text in the body.</summary>
internal sealed class HttpProbe(HttpProbeSettings settings, TimeProvider time) : TimedProbe(settings.Timeout, time)
{
    private readonly Connections connections = new(settings.Tls, settings.TlsCa, settings.TlsSkipVerify, time);

    // The query stays out of every text, since it may hold a secret.
    protected override string Question(Member member) => $"GET {Url(member).GetLeftPart(UriPartial.Path)}";

    protected override async Task<Verdict> AskAsync(Member member, CancellationToken cancellation)
    {
        using var client = new HttpMessageInvoker(connections.Open());
        using var request = new HttpRequestMessage(HttpMethod.Get, Url(member));
        request.Headers.Host = settings.Host;
        request.Headers.ConnectionClose = true;
        request.Headers.UserAgent.ParseAdd("refresh-probe");
        using var response = await client.SendAsync(request, cancellation);
        var status = (int)response.StatusCode;
        var mistake = Status(status) ?? Headers(response) ?? await BodyAsync(response, cancellation);
        return new Verdict(mistake is null, mistake ?? status.ToString(CultureInfo.InvariantCulture));
    }

    private Uri Url(Member member) => connections.Url(member, settings.Port, settings.Path);

    private string? Status(int status) =>
        settings.Status.Contains(status) ? null : string.Create(CultureInfo.InvariantCulture, $"{status}, expected {string.Join(" or ", settings.Status)}");

    private string? Headers(HttpResponseMessage response)
    {
        foreach (var (name, expected) in settings.Headers)
        {
            var values = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
                .Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                .SelectMany(header => header.Value)
                .ToList();
            if (values.Count == 0)
                return $"header {name} is missing, expected '{expected}'";
            if (!values.Contains(expected))
                return $"header {name} is '{Excerpt.Of(string.Join(", ", values))}', expected '{expected}'";
        }
        return null;
    }

    private async Task<string?> BodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (settings.BodyContains is not { } text)
            return null;
        var expected = Encoding.UTF8.GetBytes(text);
        var body = new BoundedBody(await response.Content.ReadAsStreamAsync(cancellation));
        // Looked at while it comes in: a body that never ends is no reason to wait once the text was seen.
        do
        {
            if (body.Read.Span.IndexOf(expected) >= 0)
                return null;
        }
        while (await body.ReadMoreAsync(cancellation));
        return $"the body does not hold '{text}': '{Excerpt.Of(Encoding.UTF8.GetString(body.Read.Span))}'";
    }
}
