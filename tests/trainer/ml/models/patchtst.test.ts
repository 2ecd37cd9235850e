import { describeModel } from './conformance.ts';

// Windows shorter than a patch (8: patches of one stride; 13: their second half is cut), of a patch, and longer ones that
// end within a stride. A key's bias adds the same to all scores of a query, and softmax takes no notice of that.
const idle = /_key\/bias$/;
describeModel(
  'patchtst',
  [
    { lookback: 8, features: 3, outputs: 2 },
    { lookback: 13, features: 2, outputs: 1 },
    { lookback: 16, features: 1, outputs: 2 },
    { lookback: 37, features: 2, outputs: 2 },
  ],
  { idle },
);
describeModel('patchtst', [{ lookback: 21, features: 3, outputs: 2 }], { channels: 'independent', idle });
