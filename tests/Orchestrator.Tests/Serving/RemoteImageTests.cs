using System.Formats.Tar;
using System.Net.Http.Headers;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Tests.Commands;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>The catalogue of a worker elsewhere, over real HTTP: what is put in, shown, decided, and by whom.</summary>
public sealed class RemoteImageTests : IAsyncLifetime
{
    private readonly Cli _cli = new();
    private Service _service = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Images => Path.Combine(_service.Folder, "images");

    public async ValueTask InitializeAsync()
    {
        _service = await Service.StartAsync(("limits:uploadMebibytes", "1"));
        Directory.CreateDirectory(Images);
        await FleetAsync("shop");
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _cli.Dispose();
    }

    [Fact]
    public async Task An_image_is_added_scanned_approved_compared_verified_and_revoked_at_a_worker_elsewhere()
    {
        using var ada = await _service.ClientAsync("ada", "operator");
        using var grace = await _service.ClientAsync("grace", "approver");
        await File.WriteAllTextAsync(Path.Combine(Images, "image-policy.yaml"), "apiVersion: refresh/v1\nkind: ImagePolicy\napprovals: 1\n", Cancellation);
        await File.WriteAllTextAsync(_cli.At("trivy.json"), """{"SchemaVersion":2,"Results":[{"Vulnerabilities":[{"VulnerabilityID":"CVE-1","Severity":"LOW"}]}]}""", Cancellation);

        var added = (await As(ada, "image", "add", await BuildAsync("1"), "--scan", _cli.At("trivy.json"), "--comment", "November", "--json")).Ended(ExitCodes.Done).Json;
        Assert.False(added.GetProperty("usable").GetBoolean());
        Assert.Contains("sent from 127.0.0.1", added.GetProperty("from").GetString(), StringComparison.Ordinal);
        Assert.Contains("Added web@2", (await As(ada, "image", "add", await BuildAsync("2"))).Ended(ExitCodes.Done).Output, StringComparison.Ordinal);
        Assert.Contains("already", (await As(ada, "image", "add", _cli.At("build-2"))).Ended(ExitCodes.Refused).Error, StringComparison.Ordinal);
        Assert.Contains("grace approved web@1", (await As(grace, "image", "approve", "web@1", "--comment", "read it")).Ended(ExitCodes.Done).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await As(ada, "image", "scan", "web@2", _cli.At("trivy.json"), "--json")).Ended(ExitCodes.Done).Json.GetProperty("found").GetInt32());
        Assert.Contains("A run may use it", (await As(ada, "image", "verify", "web@1")).Ended(ExitCodes.Done).Output, StringComparison.Ordinal);
        (await As(ada, "image", "verify", "web@2")).Ended(ExitCodes.Refused);
        Assert.Equal("web@2", (await As(ada, "image", "diff", "web@1", "web@2", "--json")).Ended(ExitCodes.Done).Json.GetProperty("to").GetString());
        Assert.Contains("is revoked", (await As(grace, "image", "revoke", "web@2", "--reason", "CVE-2026-9")).Ended(ExitCodes.Done).Output, StringComparison.Ordinal);

        // The same as on the machine of the worker, text and JSON.
        foreach (var command in new string[][] { ["list"], ["show", "web@1"], ["diff", "web@2", "web@1"], ["show", "web@7"], ["list", "--json"], ["diff", "web@2", "web@1", "--json"], ["show", "web@7", "--json"] })
        {
            var there = await _cli.RunAsync(["image", .. command, "--images", Images]);
            var here = await As(ada, ["image", .. command, "--fleet", "shop"]);
            Assert.Equal((there.ExitCode, Timeless(there.Output), there.Error), (here.ExitCode, Timeless(here.Output), here.Error));
        }

        var log = await new ImageLog(Images).ReadAsync(Cancellation);
        Assert.Equal([("added", "ada", "November"), ("scanned", "ada", null), ("added", "ada", null), ("approved", "grace", "read it"), ("scanned", "ada", null), ("revoked", "grace", "CVE-2026-9")], log.Select(entry => (entry.Kind, entry.By, entry.Comment)));
        using var admin = await _service.ClientAsync("root", "admin");
        var act = (await admin.GetAsync("/v1/acts")).Is(200).Json.GetProperty("items").EnumerateArray().Single(act => act.GetProperty("why").GetString() == "November");
        Assert.Equal(("ada", "127.0.0.1", "shop", "web@1", 201), (act.GetProperty("person").GetString(), act.GetProperty("origin").GetString(), act.GetProperty("fleet").GetString(), act.GetProperty("subject").GetString(), act.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task Roles_and_the_policy_say_who_changes_a_catalogue_and_every_fleet_that_shares_it_counts()
    {
        using var viewer = await _service.ClientAsync("vic", "viewer");
        using var ada = await _service.ClientAsync("ada", "operator@shop", "viewer@shop");
        using var grace = await _service.ClientAsync("grace", "approver@shop");
        using var root = await _service.ClientAsync("root", "admin");
        (await root.PostAsync("/v1/fleets/shop/catalogue/web@1/approve")).Refused(404, "no-such-image");
        (await SendAsync(viewer, "1")).Refused(403, "role-missing");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Images));
        Assert.Equal("role-missing", (await As(viewer, "image", "add", _cli.At("build-1"), "--json")).Ended(ExitCodes.Refused).ErrorJson.GetProperty("error").GetString());
        (await SendAsync(ada, "1")).Is(201);
        (await ada.PostAsync("/v1/fleets/shop/catalogue/web@1/approve", new { why = "x" })).Refused(403, "role-missing");
        (await grace.PostAsync("/v1/fleets/shop/catalogue/web@1/revoke", new { why = " " })).Refused(400, "invalid-request");
        (await grace.PostAsync("/v1/fleets/shop/catalogue/web@1/approve")).Is(200);

        await FleetAsync("api", "imagePolicy: { approvers: [root] }\n");
        await root.UntilAsync("/v1/fleets", fleets => fleets.GetProperty("items").GetArrayLength() == 2);
        var refused = (await grace.PostAsync("/v1/fleets/shop/catalogue/web@1/revoke", new { why = "x" })).Refused(403, "role-missing");
        Assert.DoesNotContain("api", refused.Body, StringComparison.Ordinal);
        (await SendAsync(ada, "2")).Refused(403, "role-missing");
        using var everywhere = await _service.ClientAsync("mia", "approver");
        (await everywhere.PostAsync("/v1/fleets/shop/catalogue/web@1/revoke", new { why = "x" })).Refused(403, "image-not-permitted");
        (await root.PostAsync("/v1/fleets/shop/catalogue/web@1/revoke", new { why = "x" })).Is(200);
        (await ada.GetAsync("/v1/fleets/api/catalogue")).Refused(404, "no-such-fleet");
        Assert.Contains("Say which fleet", (await As(root, "image", "list")).Ended(ExitCodes.Usage).Error, StringComparison.Ordinal);
        Assert.Equal("catalogue-is-the-workers", (await As(root, "image", "list", "--images", Images, "--json")).Ended(ExitCodes.Usage).ErrorJson.GetProperty("error").GetString());
    }

    [Fact]
    public async Task The_same_key_adds_once_also_after_a_crash_and_another_upload_needs_another_key()
    {
        using var ada = await _service.ClientAsync("ada", "operator");
        (await SendAsync(ada, "1", "key-1")).Is(201);
        var again = (await SendAsync(ada, "1", "key-1")).Is(201);
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        (await SendAsync(ada, "2", "key-1")).Refused(422, "idempotency-key-reused");

        // A worker that was lost after it had added the image, and before it answered.
        await _service.Journal.Database.WriteAsync(connection => Refresh.Orchestrator.Journals.Sql.Execute(connection, "UPDATE answers SET status = NULL, body = NULL, worker = 'lost' WHERE key = 'key-1'"), Cancellation);
        Assert.Equal(again.Json.GetProperty("from").GetString(), (await SendAsync(ada, "1", "key-1")).Is(201).Json.GetProperty("from").GetString());
        Assert.Single(await new ImageLog(Images).ReadAsync(Cancellation), entry => entry.Kind == LogEntry.Added);
    }

    [Fact]
    public async Task What_is_no_image_is_refused_and_leaves_nothing()
    {
        using var ada = await _service.ClientAsync("ada", "operator");
        (await PostAsync(ada, ("image", "no archive"u8.ToArray()))).Refused(409, "image-refused");
        (await PostAsync(ada, ("image", await TarAsync(("../outside", [1]))))).Refused(409, "image-refused");
        var without = (await PostAsync(ada, ("image", await TarAsync(("disk", [1]))))).Refused(409, "image-refused");
        Assert.DoesNotContain("refresh-upload-", without.Body, StringComparison.Ordinal);
        (await PostAsync(ada, ("image", await ArchiveAsync("1")), ("scan", "{}"u8.ToArray()))).Refused(409, "image-refused");
        (await PostAsync(ada, ("scan", "{}"u8.ToArray()))).Refused(400, "invalid-request");
        (await PostAsync(ada, ("image", await ArchiveAsync("1")), ("other", [1]))).Refused(400, "invalid-request");
        (await PostAsync(ada, ("image", new byte[2 * 1024 * 1024]))).Refused(413, "body-too-large");
        // Packed it is small, and unpacked it is more than is taken.
        using var packed = new MemoryStream();
        await using (var zip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            await zip.WriteAsync(await TarAsync(("disk", new byte[8 * 1024 * 1024])), Cancellation);
        Assert.Contains("more in it than is taken", (await PostAsync(ada, ("image", packed.ToArray()))).Refused(409, "image-refused").Body, StringComparison.Ordinal);
        (await ada.PostAsync("/v1/fleets/shop/catalogue", new { image = "x" })).Refused(415, "not-multipart");
        using var cut = new ByteArrayContent("--x\r\nContent-Disposition: form-data; name=image\r\n\r\nhalf"u8.ToArray());
        cut.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        (await ada.SendAsync(HttpMethod.Post, "/v1/fleets/shop/catalogue", cut, ("Idempotency-Key", "cut"))).Refused(400, "invalid-request");
        using var keyless = new MultipartFormDataContent();
        (await ada.SendAsync(HttpMethod.Post, "/v1/fleets/shop/catalogue", keyless)).Refused(400, "idempotency-key-missing");
        Assert.Empty(Directory.EnumerateFiles(Images, "*", SearchOption.AllDirectories));
    }

    private Task<Said> As(ApiClient who, params string[] args) =>
        _cli.ExecuteAsync([("REFRESH_SERVER", _service.Address.ToString()), ("REFRESH_TOKEN", who.Token!)], args);

    private async Task<Reply> SendAsync(ApiClient who, string version, string? key = null)
    {
        using var form = Form(("image", await ArchiveAsync(version)));
        return await who.SendAsync(HttpMethod.Post, "/v1/fleets/shop/catalogue", form, ("Idempotency-Key", key ?? Guid.NewGuid().ToString()));
    }

    private static async Task<Reply> PostAsync(ApiClient who, params (string Name, byte[] Content)[] parts)
    {
        using var form = Form(parts);
        return await who.SendAsync(HttpMethod.Post, "/v1/fleets/shop/catalogue", form, ("Idempotency-Key", Guid.NewGuid().ToString()), ("Expect", "100-continue"));
    }

    private static MultipartFormDataContent Form(params (string Name, byte[] Content)[] parts)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, content) in parts)
            form.Add(new ByteArrayContent(content), name, name);
        return form;
    }

    private async Task<byte[]> ArchiveAsync(string version)
    {
        var directory = await BuildAsync(version);
        return await TarAsync([.. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Select(file => (Path.GetRelativePath(directory, file), File.ReadAllBytes(file)))]);
    }

    private static async Task<byte[]> TarAsync(params (string Path, byte[] Content)[] files)
    {
        using var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            foreach (var (path, content) in files)
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch }, Cancellation);
        }

        return archive.ToArray();
    }

    private async Task<string> BuildAsync(string version)
    {
        var directory = _cli.At($"build-{version}");
        if (Directory.Exists(directory))
            return directory;
        Directory.CreateDirectory(Path.Combine(directory, "disk"));
        await File.WriteAllTextAsync(Path.Combine(directory, "disk", "issue"), $"web {version}\n", Cancellation);
        (await _cli.RunAsync("image", "manifest", directory, "--name", "web", "--image-version", version)).Ended(ExitCodes.Done);
        return directory;
    }

    private async Task FleetAsync(string name, string more = "")
    {
        var draft = Path.Combine(_service.Folder, "draft");
        await File.WriteAllTextAsync(draft, $$"""
            apiVersion: refresh/v1
            kind: Fleet
            name: {{name}}
            image: web
            images: {{Images}}
            {{more}}balancer:
              haproxy: { sockets: ["unix:/nowhere.sock"], backend: web }
            probes:
              - http: { path: /health }
            provisioner:
              lab: { url: "http://127.0.0.1:1" }
            pairs:
              - name: {{name}}-1
                members:
                  - { name: a, address: "127.0.0.1:1" }
                  - { name: b, address: "127.0.0.2:1" }
            """, Cancellation);
        File.Move(draft, Path.Combine(_service.Fleets, name + ".yaml"), overwrite: true);
        using var setup = await _service.ClientAsync("setup", "admin");
        await setup.UntilAsync("/v1/fleets", fleets => fleets.GetProperty("items").EnumerateArray().Any(fleet => fleet.GetProperty("name").GetString() == name));
    }

    private static string Timeless(string text) => System.Text.RegularExpressions.Regex.Replace(text, "\"at\":\"[^\"]*\"", "\"at\":\"\"");
}
