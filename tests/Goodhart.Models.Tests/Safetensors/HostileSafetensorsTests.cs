using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Tests.Checkpoints;

namespace Goodhart.Models.Tests.Safetensors;

public sealed class HostileSafetensorsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", "near byte")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x""", "near byte 6")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,],"data_offsets":[0,4]}}""", "near byte")]
    [InlineData("""{"a":7}""", "'a' should be an object, got Number at byte 13")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "near byte")]
    [InlineData("""{"__metadata__":{"a":1}}""", "metadata 'a' should be a string")]
    [InlineData("""{"__metadata__":[]}""", "'__metadata__' should be an object")]
    public void A_header_that_is_not_such_json_names_the_byte(string header, string problem) => AssertRefused(header, problem);

    [Theory]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,2,4]}}""")]
    public void A_tensor_without_type_shape_or_two_offsets_is_refused(string header) =>
        AssertRefused(header, "'a' should have 'dtype', 'shape' and two 'data_offsets'");

    [Theory]
    [InlineData("[-1]")]
    [InlineData("[1.5]")]
    [InlineData("[1e3]")]
    [InlineData("[\"1\"]")]
    [InlineData("[9223372036854775808]")]
    [InlineData("[null]")]
    [InlineData("[[1]]")]
    public void A_size_that_is_not_a_count_is_refused(string shape) =>
        AssertRefused($$$"""{"a":{"dtype":"F32","shape":{{{shape}}},"data_offsets":[0,4]}}""", "'a': 'shape' should hold whole numbers from 0, at byte");

    [Theory]
    [InlineData("F4")]
    [InlineData("float32")]
    [InlineData("f32")]
    public void An_unknown_type_is_named(string dtype) =>
        AssertRefused($$$"""{"a":{"dtype":"{{{dtype}}}","shape":[1],"data_offsets":[0,4]}}""", $"'a' has the type '{dtype}'");

    [Theory]
    [InlineData("[1]", "[4,0]", "'a' is said to lie at bytes 4 to 0 of 4")]
    [InlineData("[2]", "[0,8]", "'a' is said to lie at bytes 0 to 8 of 4")]
    [InlineData("[1]", "[9223372036854775803,9223372036854775807]", "of 4 bytes of data")]
    [InlineData("[2]", "[0,4]", "'a' is F32 [2], 8 bytes, but its data_offsets span 4")]
    [InlineData("[]", "[0,0]", "'a' is F32 [], 4 bytes, but its data_offsets span 0")]
    [InlineData("[0]", "[0,4]", "'a' is F32 [0], 0 bytes, but its data_offsets span 4")]
    [InlineData("[4294967296,4294967296]", "[0,4]", "more than 2^63 bytes, but its data_offsets span 4")]
    [InlineData("[4611686018427387905]", "[0,4]", "more than 2^63 bytes, but its data_offsets span 4")]
    public void Offsets_that_contradict_the_shape_or_the_file_are_refused(string shape, string offsets, string problem) =>
        AssertRefused($$$"""{"a":{"dtype":"F32","shape":{{{shape}}},"data_offsets":{{{offsets}}}}}""", problem);

    [Fact]
    public void Overlapping_tensors_are_both_named() => AssertRefused(
        """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""",
        "'b' begins at byte 2 of the data, inside 'a', which ends at 3");

    [Fact]
    public void Two_tensors_in_one_place_are_refused() => AssertRefused(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""",
        "inside 'a'");

    [Fact]
    public void A_hole_before_the_first_tensor_is_refused() => AssertRefused(
        """{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""",
        "2 bytes of data between the header and 'a' belong to no tensor");

    [Fact]
    public void A_hole_between_tensors_is_refused() => AssertRefused(
        """{"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""",
        "2 bytes of data between 'a' and 'b' belong to no tensor");

    [Fact]
    public void Bytes_after_the_last_tensor_are_refused() => AssertRefused(
        """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", "3 bytes after 'a' belong to no tensor");

    [Fact]
    public void A_name_that_appears_twice_is_refused() => AssertRefused(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""",
        "the header has 'a' twice, at byte");

    [Fact]
    public void A_key_that_appears_twice_in_a_tensor_is_refused() => AssertRefused(
        """{"a":{"dtype":"U8","shape":[4],"shape":[2,2],"data_offsets":[0,4]}}""", "the header has 'shape' twice");

    [Fact]
    public void A_shape_with_very_many_dimensions_is_refused() => AssertRefused(
        $$$"""{"a":{"dtype":"U8","shape":[4{{{string.Concat(Enumerable.Repeat(",1", 100_000))}}}],"data_offsets":[0,4]}}""",
        "more than 64 numbers");

    [Fact]
    public void Deep_nesting_is_refused() =>
        AssertRefused("""{"a":{"x":""" + new string('[', 100_000) + new string(']', 100_000) + "}}", "near byte");

    [Fact]
    public void A_file_shorter_than_the_length_of_its_header_is_refused()
    {
        string path = _folder.Write("bad.safetensors", "1234567");

        AssertRefused(() => SafetensorsFile.Open(path).Dispose(), "its header's length, but has 7 bytes");
    }

    [Fact]
    public void A_truncated_header_names_the_file_and_the_byte()
    {
        string path = _folder.WriteSafetensors("bad.safetensors", 1000, """{"a":"""u8.ToArray());

        AssertRefused(() => SafetensorsFile.Open(path).Dispose(), "give a header of 1000 bytes, but the file ends at byte 13");
    }

    [Theory]
    [InlineData(100_000_001)]
    [InlineData(long.MaxValue)]
    [InlineData(ulong.MaxValue)]
    public void A_header_longer_than_the_format_allows_is_refused_before_memory_is_taken(ulong length)
    {
        string path = _folder.WriteSafetensors("bad.safetensors", length, "{}"u8.ToArray());

        AssertRefused(() => SafetensorsFile.Open(path).Dispose(), $"give a header of {length} bytes, the format allows 100000000");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" {}")]
    [InlineData("[]")]
    public void A_header_that_does_not_start_with_a_brace_is_refused(string header) =>
        AssertRefused(header, "byte 8, the first of the header, should be '{'");

    [Fact]
    public void A_header_that_is_not_utf8_is_refused()
    {
        byte[] header = [.. "{\"a"u8, 0xFF, .. "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"u8];
        string path = _folder.WriteSafetensors("bad.safetensors", (ulong)header.Length, header);

        AssertRefused(() => SafetensorsFile.Open(path).Dispose(), "not valid UTF-8");
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused()
    {
        string whole = _folder["whole.safetensors"];
        SafetensorsWriter.Write(whole, [new("a", [2, 3], new float[6]), new("b", [1], new float[1])]);
        byte[] bytes = File.ReadAllBytes(whole);

        for (int length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(_folder["bad.safetensors"], bytes[..length]);
            AssertRefused(() => SafetensorsFile.Open(_folder["bad.safetensors"]).Dispose(), "");
        }
    }

    [Fact]
    public void Any_changed_byte_of_the_header_is_either_refused_or_harmless()
    {
        string whole = _folder["whole.safetensors"];
        SafetensorsWriter.Write(whole, [new("a", [2, 3], new float[6]), new("b", [1], new float[1])]);
        byte[] bytes = File.ReadAllBytes(whole);
        int headerEnd = bytes.Length - 7 * sizeof(float);

        for (int at = 0; at < headerEnd; at++)
        {
            foreach (byte value in (byte[])[0, (byte)' ', (byte)'"', (byte)'0', (byte)'9', (byte)'}', 0x80, 0xFF])
            {
                byte[] changed = [.. bytes];
                changed[at] = value;
                File.WriteAllBytes(_folder["bad.safetensors"], changed);
                AssertRefusedOrReadable(_folder["bad.safetensors"]);
            }
        }
    }

    [Fact]
    public void A_file_that_shrinks_after_it_was_opened_is_an_error_not_zeros()
    {
        string path = _folder["model.safetensors"];
        SafetensorsWriter.Write(path, [new("a", [2], new float[] { 1, 2 })]);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using (FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.SetLength(stream.Length - 4);

        AssertRefused(() => file.Read("a", new float[2]), "ended at byte");
    }

    public void Dispose() => _folder.Dispose();

    void AssertRefused(string header, string problem)
    {
        string path = _folder.WriteSafetensors("bad.safetensors", header, 1, 2, 3, 4);
        AssertRefused(() => SafetensorsFile.Open(path).Dispose(), problem);
    }

    static void AssertRefused(Action open, string problem)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(open);
        Assert.Contains(".safetensors: ", error.Message);
        Assert.Contains(problem, error.Message);
    }

    static void AssertRefusedOrReadable(string path)
    {
        try
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            foreach (TensorEntry entry in file.Entries.Values.Where(entry => entry.Type == SafetensorsType.F32))
                file.Read(entry.Name, new float[entry.Count]);
        }
        catch (CheckpointException error)
        {
            Assert.Contains("bad.safetensors: ", error.Message);
        }
    }
}
