using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Reports;
using Refresh.Orchestrator.Serving.Secrets;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>Answers of GET: JSON with an ETag, and nothing again for who has it already.</summary>
internal static class Responses
{
    /// <summary>Answers with a document; its tag is its content's, unless another is given.</summary>
    public static Task AnswerAsync<T>(this HttpContext http, T document, string? tag = null)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(document, DocumentJson.Options);
        return WriteAsync(http, bytes, "application/json; charset=utf-8", tag);
    }

    /// <summary>Answers with a part of a report, written as the report writes it.</summary>
    public static Task ReportAsync<T>(this HttpContext http, T part) =>
        WriteAsync(http, JsonSerializer.SerializeToUtf8Bytes(part, JsonReport.Options), "application/json; charset=utf-8");

    /// <summary>Answers with what is written already, without the secrets in it. By another name: bytes are documents too.</summary>
    public static async Task WriteAsync(this HttpContext http, byte[] written, string contentType, string? tag = null)
    {
        var bytes = http.RequestServices.GetRequiredService<Redaction>().Clean(written);
        var etag = new EntityTagHeaderValue(tag is null ? $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..12])}\"" : $"\"{tag}\"", isWeak: tag is not null);
        http.Response.Headers.ETag = etag.ToString();
        http.Response.Headers.CacheControl = "private, no-cache";
        if (EntityTagHeaderValue.TryParseList(http.Request.Headers.IfNoneMatch.OfType<string>().ToList(), out var known) && known.Any(one => one.Compare(etag, useStrongComparison: false) || one == EntityTagHeaderValue.Any))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }
}
