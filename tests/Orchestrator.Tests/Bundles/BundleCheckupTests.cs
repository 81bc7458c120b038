using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Refresh.Orchestrator.Bundles;
using Refresh.Orchestrator.Images.Signing;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Tests.Evidence;
using Refresh.Workflows.Trust;
using Xunit;

namespace Refresh.Orchestrator.Tests.Bundles;

/// <summary>A bundle that was forged in some way: the first thing that does not hold is named.</summary>
public sealed class BundleCheckupTests : IDisposable
{
    private static readonly ScriptedRun s_run = Sample.Success(2);
    private readonly SigningKey _key = SigningKey.Create("evidence");

    [Fact]
    public void A_bundle_that_is_as_it_was_made_holds_and_answers()
    {
        var verdict = Check(Bundle.Of(s_run, _key));
        Assert.Null(verdict.Fault);
        Assert.True(verdict.Signed);
        Assert.Equal(["file", "signature", "form", "valid", "chain", "fold", "claims", "page"], verdict.Checks.Select(check => check.Name));
        var answers = string.Join('\n', EvidenceAnswers.Of(verdict.Claims!, verdict.Report!));
        Assert.Contains("ada asked for it: November patches", answers, StringComparison.Ordinal);
        Assert.Contains("begun 2026-11-02 03:00:00 UTC", answers, StringComparison.Ordinal);
        Assert.Matches(@"web-1/a: web@\S+ on VM \S+ -> web@\S+ on VM \S+; refreshed", answers);
        Assert.Contains("never two in one pair at once", answers, StringComparison.Ordinal);
        Assert.Contains("was never seen to be bad", answers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frozen")]
    [InlineData("resumed")]
    [InlineData("rolled back")]
    public void A_run_that_ended_otherwise_holds_as_well(string kind)
    {
        var run = kind switch { "frozen" => Sample.Frozen(), "resumed" => Sample.Resumed(), _ => Sample.RolledBack() };
        var verdict = Check(Bundle.Of(run, _key));
        Assert.Null(verdict.Fault);
        Assert.Equal(run.Run.State, verdict.Claims!.State);
        Assert.Equal(run.Journal.Count, verdict.Claims.Entries);
        Assert.NotEmpty(verdict.Claims.Observations);
    }

    [Fact]
    public void A_worker_that_was_lost_is_told_with_the_time_in_which_nobody_watched()
    {
        var verdict = Check(Bundle.Of(Sample.Resumed(), _key));
        var answers = string.Join('\n', EvidenceAnswers.Of(verdict.Claims!, verdict.Report!));
        Assert.Contains("worker-2 (host b, process 4711) took the run over", answers, StringComparison.Ordinal);
        Assert.Contains("nobody is known to have watched for 20.0 s", answers, StringComparison.Ordinal);
        Assert.Contains("while web-1/a was away", answers, StringComparison.Ordinal);
        Assert.DoesNotContain("The peer of a member that was away was never seen", answers, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_approved_the_image_who_released_it_and_who_revoked_it_is_told()
    {
        var revoked = Check(Bundle.Of(Sample.Revoked(), _key));
        Assert.Null(revoked.Fault);
        Assert.Contains("sam revoked the image", string.Join('\n', EvidenceAnswers.Of(revoked.Claims!, revoked.Report!)), StringComparison.Ordinal);
        var facts = new ImageFacts { Image = ScriptedWorld.New, BuiltAt = ScriptedRun.Start, Approvals = [new ImageApproval("liv", ScriptedRun.Start, "scanned by hand"), new ImageApproval("ann", ScriptedRun.Start, string.Empty)] };
        var answers = string.Join('\n', EvidenceAnswers.Of(revoked.Claims! with { Gates = new GateReport(facts, [], ScriptedRun.Start) }, revoked.Report!));
        Assert.Contains("liv approved the image at 2026-11-02 03:00:00 UTC, with a comment, as a release from quarantine needs: scanned by hand", answers, StringComparison.Ordinal);
        Assert.Contains("ann approved the image at 2026-11-02 03:00:00 UTC", answers, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unsigned_bundle_says_so_loudly_and_does_not_satisfy_a_key()
    {
        var bundle = Bundle.Of(s_run, null);
        var verdict = BundleCheckup.Check(bundle, null);
        Assert.Contains(verdict.Checks, check => check.Detail == BundleCheckup.Unsigned);
        Assert.False(verdict.Signed);
        Assert.Equal("signature", Check(bundle).Fault!.Name);
    }

    [Fact]
    public void A_bundle_that_another_key_signed_does_not_hold()
    {
        using var other = SigningKey.Create("evidence");
        var fault = Check(Bundle.Of(s_run, other)).Fault!;
        Assert.Equal("signature", fault.Name);
        Assert.Contains("not the key that was named", fault.Detail, StringComparison.Ordinal);
        var unknown = BundleCheckup.Check(Bundle.Of(s_run, other), null);
        Assert.True(unknown.Holds);
        Assert.False(unknown.Signed);
        Assert.Contains("NOBODY VOUCHES", unknown.Checks[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_was_not_valid_any_more_does_not_count()
    {
        var fault = BundleCheckup.Check(Bundle.Of(s_run, _key), Bundle.Trust(_key, until: Bundle.MadeAt.AddDays(-1))).Fault!;
        Assert.Equal("valid", fault.Name);
    }

    [Fact]
    public void A_payload_that_was_changed_after_it_was_signed_does_not_hold()
    {
        var file = JsonNode.Parse(Bundle.Of(s_run, _key))!;
        var payload = Encoding.UTF8.GetString(Convert.FromBase64String(file["payload"]!.GetValue<string>()));
        file["payload"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(payload.Replace("\"madeBy\":\"ada\"", "\"madeBy\":\"eve\"", StringComparison.Ordinal)));
        var fault = Check(Encoding.UTF8.GetBytes(file.ToJsonString())).Fault!;
        Assert.Equal("signature", fault.Name);
        Assert.Contains("changed after it was signed", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_that_were_taken_out_and_chained_anew_are_found()
    {
        var fault = Check(Bundle.Of(s_run, _key, entries: texts => texts.Where(text => text.Sequence != 7))).Fault!;
        Assert.Equal(("chain", "entry 7 is missing: 8 stands in its place"), (fault.Name, fault.Detail));
    }

    [Fact]
    public void Entries_in_another_order_are_found()
    {
        var fault = Check(Bundle.Of(s_run, _key, entries: texts => texts.Take(5).Append(texts[6]).Append(texts[5]).Concat(texts.Skip(7)))).Fault!;
        Assert.Equal("chain", fault.Name);
    }

    [Fact]
    public void Entries_that_were_cut_off_lead_to_another_end_than_is_claimed()
    {
        var fault = Check(Bundle.Of(s_run, _key, entries: texts => texts.Take(texts.Count - 1))).Fault!;
        Assert.Equal(("fold", "the entries lead to Running, and Succeeded is claimed"), (fault.Name, fault.Detail));
    }

    [Fact]
    public void An_entry_that_was_changed_is_found_by_what_is_claimed()
    {
        var fault = Check(Bundle.Of(s_run, _key, entries: texts => texts.Select(text => text.Sequence == 1 ? text with { Event = text.Event.Replace("\"by\":\"ada\"", "\"by\":\"eve\"", StringComparison.Ordinal) } : text))).Fault!;
        Assert.Equal("claims", fault.Name);
        Assert.Contains("/by is claimed to be \"ada\", and is \"eve\"", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_that_does_not_follow_is_named_with_its_place()
    {
        Assert.Contains("/least is claimed to be 2, and is 1", Check(Bundle.Of(s_run, _key, claims: claims => claims["least"] = 2)).Fault!.Detail, StringComparison.Ordinal);
        Assert.Contains("/members has", Check(Bundle.Of(s_run, _key, claims: claims => claims["members"]!.AsArray().RemoveAt(0))).Fault!.Detail, StringComparison.Ordinal);
        Assert.Contains("/approvedBy is claimed, and nothing tells it", Check(Bundle.Of(s_run, _key, claims: claims => claims["approvedBy"] = "eve")).Fault!.Detail, StringComparison.Ordinal);
        Assert.Equal("fold", Check(Bundle.Of(Sample.Frozen(), _key, claims: claims => claims["state"] = nameof(RunState.Succeeded))).Fault!.Name);
    }

    [Fact]
    public void A_page_that_tells_something_else_is_found() =>
        Assert.Equal("page", Check(Bundle.Of(s_run, _key, page: "<p>All is well</p>")).Fault!.Name);

    [Fact]
    public void Whatever_is_done_to_a_file_is_refused_in_words_and_nothing_of_it_is_told()
    {
        var whole = Bundle.Of(Sample.Success(1), _key);
        var trusted = Bundle.Trust(_key);
        var told = string.Join('\n', EvidenceAnswers.Of(BundleCheckup.Check(whole, trusted).Claims!, BundleCheckup.Check(whole, trusted).Report!));
        var cut = Gen.Int[0, whole.Length - 1].Select(length => whole[..length]);
        var flipped = Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte[1, 255], (place, with) => whole.Select((each, at) => at == place ? (byte)(each ^ with) : each).ToArray());
        var twice = Gen.Int[0, whole.Length - 1].Select(from => (byte[])[.. whole[..from], .. whole]);
        Gen.OneOf(cut, flipped, twice, Gen.Byte.Array[0, 200]).Sample(file =>
        {
            var verdict = BundleCheckup.Check(file, trusted);
            if (verdict.Holds)
                Assert.Equal(told, string.Join('\n', EvidenceAnswers.Of(verdict.Claims!, verdict.Report!)));
            else
                Assert.True(verdict.Claims is null && verdict.Report is null && verdict.Page is null && verdict.Fault!.Detail.Length > 0);
        }, iter: 300);
    }

    [Fact]
    public void Whatever_a_holder_of_the_key_writes_into_entries_is_judged_and_ends_nothing()
    {
        Gen.Select(Gen.Int[0, s_run.Journal.Count - 1], Gen.Int[0, s_run.Journal.Count - 1], Gen.Bool).Sample((one, other, swap) =>
        {
            var forged = Bundle.Of(s_run, _key, entries: texts =>
            {
                // The event of another entry, in its place or swapped with it.
                var (first, second) = (texts[one].Event, texts[other].Event);
                texts[one] = texts[one] with { Event = second };
                if (swap)
                    texts[other] = texts[other] with { Event = first };
                return texts;
            });
            var verdict = Check(forged);
            Assert.True(verdict.Holds ? s_run.Journal[one].Event.ToString() == s_run.Journal[other].Event.ToString() || swap : verdict.Fault!.Name is "chain" or "fold" or "claims" or "page");
        }, iter: 60);
    }

    public void Dispose() => _key.Dispose();

    private BundleVerdict Check(byte[] bundle) => BundleCheckup.Check(bundle, Bundle.Trust(_key));
}
