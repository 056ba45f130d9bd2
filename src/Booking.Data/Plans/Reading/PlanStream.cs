using System.Security.Cryptography;
using System.Text;

namespace Booking.Data.Plans.Reading;

/// <summary>
/// Passes a file's bytes on while it looks for the first that is not UTF-8 and takes the file's SHA-256.
/// The reader behind it never stops at such a byte, so that the rest of the file is still checked.
/// </summary>
internal sealed class PlanStream(Stream inner) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _continuationBytes;
    private int _broken;
    private byte _lowest = 0x80;
    private byte _highest = 0xBF;
    private byte _leading;
    private int _line = 1;
    private long _position;

    /// <summary>The first byte that is not UTF-8, if any.</summary>
    public (int Line, long Position, byte Value)? Invalid { get; private set; }

    /// <summary>How many bytes have passed.</summary>
    public long BytesRead => _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>A reader of this stream's text. Bytes that are not UTF-8 are read as Windows-1252, their usual origin.</summary>
    public StreamReader OpenText() => new(
        this,
        Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback, new SingleByteFallback()),
        detectEncodingFromByteOrderMarks: false,
        bufferSize: 1 << 15);

    /// <summary>Hexadecimal SHA-256 of everything that has passed.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        _hash.AppendData(buffer[..count]);
        Check(buffer[..count], atEnd: count == 0);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Check(ReadOnlySpan<byte> bytes, bool atEnd)
    {
        if (atEnd && _continuationBytes > 0)
        {
            Invalid ??= (_line, _position, _leading);
        }

        foreach (var value in bytes)
        {
            _position++;
            if (Invalid is null && !Accept(value))
            {
                // A broken sequence is named by the byte that began it: the letter one sees in an editor.
                Invalid = (_line, _position - _broken, _broken > 0 ? _leading : value);
            }
        }
    }

    // The table of well-formed sequences in RFC 3629, section 4.
    private bool Accept(byte value)
    {
        if (_continuationBytes > 0)
        {
            _broken++;
            var accepted = value >= _lowest && value <= _highest;
            (_continuationBytes, _lowest, _highest) = (_continuationBytes - 1, 0x80, 0xBF);
            return accepted;
        }

        (_leading, _broken) = (value, 0);
        _line += value == '\n' ? 1 : 0;
        _continuationBytes = value switch { < 0x80 => 0, >= 0xC2 and <= 0xDF => 1, >= 0xE0 and <= 0xEF => 2, >= 0xF0 and <= 0xF4 => 3, _ => -1 };
        _lowest = value switch { 0xE0 => 0xA0, 0xF0 => 0x90, _ => 0x80 };
        _highest = value switch { 0xED => 0x9F, 0xF4 => 0x8F, _ => 0xBF };
        return _continuationBytes >= 0;
    }

    private sealed class SingleByteFallback : DecoderFallback
    {
        public override int MaxCharCount => 4;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer();

        private sealed class Buffer : DecoderFallbackBuffer
        {
            private byte[] bytes = [];
            private int next;

            public override int Remaining => bytes.Length - next;

            public override bool Fallback(byte[] bytesUnknown, int index)
            {
                (bytes, next) = (bytesUnknown, 0);
                return bytes.Length > 0;
            }

            public override char GetNextChar() => next < bytes.Length ? (char)bytes[next++] : '\0';

            public override bool MovePrevious()
            {
                if (next == 0)
                {
                    return false;
                }

                next--;
                return true;
            }

            public override void Reset() => (bytes, next) = ([], 0);
        }
    }
}
