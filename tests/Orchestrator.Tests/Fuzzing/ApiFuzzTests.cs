using System.Formats.Tar;
using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Refresh.Orchestrator.Images.Sources;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Orchestrator.Tests.Serving;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Fuzzing;

/// <summary>Bodies of the API, damaged anywhere: read, or refused with a code; over real HTTP nothing is a defect.</summary>
public sealed class ApiFuzzTests
{
    private static readonly byte[] s_start =
        """{"fleet":"shop","image":"web@1.2.0","why":"November patches: é, \u20ac","ifBusy":"queue","outsideWindows":true,"overrides":[{"gate":"scan","reason":"it burns"}]}"""u8.ToArray();

    private static readonly byte[] s_why = """{"why":"the plan is good"}"""u8.ToArray();

    private static readonly byte[] s_audit =
        """{"fleets":["shop"],"maxAgeDays":14,"maxAwaySeconds":900.5,"machines":[{"name":"web-9","host":"10.0.0.99","id":null,"image":"web-2024","power":"off","source":"cmdb"}],"why":"monthly"}"""u8.ToArray();

    private static readonly string[] s_paths = ["/v1/runs", "/v1/plans", "/v1/runs/x/pause", "/v1/orders/x/withdraw"];

    [Fact]
    [Trait(Fuzz.Trait, "api")]
    public void A_body_is_read_or_refused()
    {
        var read = 0;
        Fuzz.Play(Fuzz.Of(s_start), body => read += Reads<StartBody>(body) + Reads<PlanBody>(body) + Reads<WhyBody>(body), iter: 10_000);
        Fuzz.Play(Fuzz.Of(s_audit), body => read += Reads<AuditBody>(body), iter: 5_000);
        Fuzz.Play(Fuzz.Of(s_why), body => read += Reads<WhyBody>(body), iter: 3_000);
        Assert.True(read > 0);
    }

    [Fact]
    [Trait(Fuzz.Trait, "api")]
    public void A_cursor_is_understood_or_refused() => Fuzz.Play(Fuzz.Of(Encoding.ASCII.GetBytes(Paging.Write("h3k9m2qa"))), cursor =>
    {
        var http = new DefaultHttpContext();
        http.Request.QueryString = QueryString.Create("cursor", Encoding.Latin1.GetString(cursor));
        try
        {
            Paging.Cursor(http);
        }
        catch (Problem refused)
        {
            Assert.Equal(400, refused.Code.Status);
        }
    }, iter: 5_000);

    [Fact]
    [Trait(Fuzz.Trait, "api")]
    public async Task Nothing_that_is_posted_is_a_defect()
    {
        await using var service = await Service.StartAsync();
        using var ada = await service.ClientAsync("ada", "admin");
        await Fuzz.PlayAsync(Gen.OneOf(Fuzz.Of(s_start), Fuzz.Of(s_why)), async body =>
        {
            foreach (var path in s_paths)
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new("application/json");
                var reply = await ada.SendAsync(HttpMethod.Post, path, content, ("Idempotency-Key", Guid.NewGuid().ToString()));
                Assert.InRange(reply.Status, 400, 499);
                Assert.NotEmpty(reply.Code!);
            }
        }, iter: 100);
    }

    [Fact]
    [Trait(Fuzz.Trait, "api")]
    public async Task An_upload_is_taken_in_or_refused_and_leaves_nothing()
    {
        var read = 0;
        using var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, leaveOpen: true))
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "disk") { DataStream = new MemoryStream([1, 2, 3]) }, TestContext.Current.CancellationToken);
        byte[] form =
        [
            .. "--x\r\nContent-Disposition: form-data; name=\"why\"\r\n\r\nNovember: é\r\n--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"web.tar\"\r\nContent-Type: application/x-tar\r\n\r\n"u8,
            .. archive.ToArray(),
            .. "\r\n--x--\r\n"u8,
        ];
        await Fuzz.PlayAsync(Fuzz.Of(form), async body =>
        {
            var http = new DefaultHttpContext();
            http.Request.ContentType = "multipart/form-data; boundary=x";
            http.Request.Body = new MemoryStream(body);
            var kept = string.Empty;
            try
            {
                using var sent = await Upload.ReceiveAsync(http, ["image"], ["why"], new Redaction());
                kept = sent.Directory;
                foreach (var file in sent.Files("image").Take(1))
                    await new ImageArchive(file).OpenAsync(sent.Directory, 1024 * 1024, TestContext.Current.CancellationToken);
                read++;
            }
            catch (Problem refused)
            {
                Assert.Equal(400, refused.Code.Status);
            }
            catch (AdapterException damaged)
            {
                Assert.Equal("image-source-unusable", damaged.Reason.Code);
            }

            Assert.False(Directory.Exists(kept));
        }, iter: 2_000);
        Assert.True(read > 0);
    }

    [Fact]
    [Trait(Fuzz.Trait, "api")]
    public async Task An_audit_is_made_or_refused()
    {
        await using var service = await Service.StartAsync();
        using var ada = await service.ClientAsync("ada", "admin");
        await Fuzz.PlayAsync(Fuzz.Of(s_audit), async body =>
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/json");
            var reply = await ada.SendAsync(HttpMethod.Post, "/v1/audits", content, ("Idempotency-Key", Guid.NewGuid().ToString()));
            Assert.True(reply.Status is 200 or (>= 400 and < 500), reply.Body);
        }, iter: 100);
    }

    private static int Reads<TBody>(byte[] body)
        where TBody : IActBody
    {
        var http = new DefaultHttpContext();
        http.Request.ContentType = "application/json";
        try
        {
            Assert.True(ApiJson.Read<TBody>(http, body).Why is null or { Length: <= 1000 });
            return 1;
        }
        catch (Problem refused)
        {
            Assert.Equal(400, refused.Code.Status);
            return 0;
        }
    }
}
