"""Names of Keras that an error's message is held against: today's, and those of older versions.

Plain text, so that an error can be explained where no Keras is. A test holds today's against the
installed Keras, and sees that the old ones are gone there.
"""

from __future__ import annotations

LAYERS = (
    *("Activation", "Add", "Attention", "Average", "AveragePooling1D", "AveragePooling2D"),
    *("BatchNormalization", "Bidirectional", "Concatenate", "Conv1D", "Conv2D", "Conv2DTranspose"),
    *("Conv3D", "Cropping2D", "Dense", "DepthwiseConv2D", "Dot", "Dropout", "Embedding", "Flatten"),
    *("GRU", "GaussianNoise", "GlobalAveragePooling1D", "GlobalAveragePooling2D"),
    *("GlobalMaxPooling1D", "GlobalMaxPooling2D", "Identity", "Input", "LSTM", "Lambda"),
    *("LayerNormalization", "LeakyReLU", "Masking", "MaxPooling1D", "MaxPooling2D", "Maximum"),
    *("Minimum", "MultiHeadAttention", "Multiply", "Normalization", "Permute", "RNN", "ReLU"),
    *("RepeatVector", "Rescaling", "Reshape", "SeparableConv2D", "SimpleRNN", "Softmax"),
    *("SpatialDropout1D", "SpatialDropout2D", "Subtract", "TimeDistributed", "UpSampling1D"),
    *("UpSampling2D", "ZeroPadding1D", "ZeroPadding2D"),
)
"""Layers that a beginner reaches for."""

MODULES = (
    *("layers", "models", "ops", "losses", "metrics", "optimizers", "activations", "initializers"),
    *("regularizers", "callbacks", "utils", "datasets", "applications", "Model", "Sequential"),
    *("Input", "random", "saving"),
)
"""What `keras` itself has."""

ARGUMENTS = (
    *("activation", "alpha", "axes", "axis", "backward_layer", "beta_initializer"),
    *("bias_initializer", "data_format", "depth_multiplier", "dilation_rate", "dims", "dropout"),
    *("dtype", "epsilon", "filters", "go_backwards", "groups", "input_dim", "kernel_initializer"),
    *("kernel_regularizer", "kernel_size", "keepdims", "key_dim", "learning_rate", "mask_zero"),
    *("merge_mode", "momentum", "n", "name", "negative_slope", "noise_shape", "normalize"),
    *("num_heads", "offset", "output_dim", "output_shape", "padding", "pool_size", "rate"),
    *("recurrent_dropout", "return_sequences", "return_state", "scale", "seed", "shape", "size"),
    *("stateful", "strides", "target_shape", "trainable", "units", "unroll", "use_bias"),
    *("value_dim", "batch_size", "epochs", "validation_data", "validation_split", "callbacks"),
    *("shuffle", "verbose", "class_weight", "sample_weight", "initial_state", "training", "mask"),
    *("optimizer", "loss", "metrics", "loss_weights", "weighted_metrics", "inputs", "outputs"),
)
"""Arguments of those layers, of a model's methods, and of optimizers."""

ACTIVATIONS = (
    *("relu", "sigmoid", "softmax", "tanh", "linear", "elu", "selu", "gelu", "silu", "swish"),
    *("softplus", "softsign", "leaky_relu", "exponential", "hard_sigmoid", "relu6", "log_softmax"),
)
"""What `activation=` may be called."""

OPTIMIZERS = ("adam", "sgd", "rmsprop", "adamw", "adagrad", "adadelta", "adamax", "nadam", "ftrl")
"""What `optimizer=` may be called."""

IN_MODULES = {
    "optimizers": (
        *("Adam", "SGD", "RMSprop", "AdamW", "Adagrad", "Adadelta", "Adamax", "Nadam", "Ftrl"),
        "schedules",
    ),
    "losses": (
        *("BinaryCrossentropy", "CategoricalCrossentropy", "SparseCategoricalCrossentropy"),
        *("MeanSquaredError", "MeanAbsoluteError", "Huber", "CosineSimilarity", "KLDivergence"),
        *("BinaryFocalCrossentropy", "Hinge", "LogCosh", "Poisson"),
    ),
    "metrics": (
        *("Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy"),
        *("MeanSquaredError", "MeanAbsoluteError", "RootMeanSquaredError", "AUC", "Precision"),
        *("Recall", "F1Score", "R2Score", "TopKCategoricalAccuracy"),
    ),
    "callbacks": (
        *("EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau", "TensorBoard", "CSVLogger"),
        *("LearningRateScheduler", "LambdaCallback", "TerminateOnNaN", "BackupAndRestore"),
    ),
    "ops": (
        *("concatenate", "stack", "matmul", "reshape", "transpose", "expand_dims", "squeeze"),
        *("mean", "sum", "max", "min", "argmax", "argmin", "softmax", "relu", "sigmoid", "tanh"),
        *("exp", "log", "sqrt", "square", "abs", "multiply", "add", "subtract", "divide", "split"),
        *("repeat", "tile", "where", "maximum", "minimum", "one_hot", "cast", "power", "norm"),
        *("einsum", "dot", "cumsum", "shape", "zeros_like", "ones_like", "arange", "clip"),
    ),
    "utils": (
        *("to_categorical", "plot_model", "pad_sequences", "set_random_seed", "normalize"),
        *("image_dataset_from_directory", "text_dataset_from_directory", "Sequence"),
    ),
    "preprocessing.sequence": ("pad_sequences",),
}
"""What a beginner reaches for in some modules of Keras."""

OLD_ARGUMENTS = {
    "W_constraint": "kernel_constraint",
    "W_regularizer": "kernel_regularizer",
    "atrous_rate": "dilation_rate",
    "b_regularizer": "bias_regularizer",
    "batch_input_shape": "keras.Input(batch_shape=…), before the layer",
    "bias": "use_bias",
    "border_mode": "padding",
    "concat_axis": "axis",
    "consume_less": "nothing: leave it out",
    "dropout_U": "recurrent_dropout",
    "dropout_W": "dropout",
    "inner_activation": "recurrent_activation",
    "inner_init": "recurrent_initializer",
    "init": "kernel_initializer",
    "input": "inputs",
    "input_length": "nothing: leave it out",
    "lr": "learning_rate",
    "mode": "a layer of its own: Add, Concatenate, Dot …",
    "nb_col": "kernel_size",
    "nb_epoch": "epochs",
    "nb_filter": "filters",
    "nb_row": "kernel_size",
    "nb_val_samples": "validation_steps",
    "output": "outputs",
    "output_dim": "units",
    "p": "rate",
    "samples_per_epoch": "steps_per_epoch",
    "sigma": "stddev",
    "subsample": "strides",
    "weights": "set_weights([…]), once the layer is built",
    "workers": "nothing: leave it out",
    "use_multiprocessing": "nothing: leave it out",
}
"""Arguments of Keras 1 and 2 that are gone, and what stands in their place."""

OLD_NAMES = {
    "AtrousConvolution2D": "Conv2D with dilation_rate=…",
    "CuDNNGRU": "GRU: it takes the fast way by itself",
    "CuDNNLSTM": "LSTM: it takes the fast way by itself",
    "Deconvolution2D": "Conv2DTranspose",
    "Highway": "Dense, Multiply and Add, written out",
    "Merge": "a layer for each way of joining: Add, Concatenate, Dot …",
    "TimeDistributedDense": "Dense: it works on the last axis by itself",
    "evaluate_generator": "evaluate",
    "fit_generator": "fit",
    "merge": "a layer for each way of joining: Add()([a, b]), Concatenate()([a, b]) …",
    "np_utils": "keras.utils.to_categorical, without np_utils",
    "predict_classes": "predict, then argmax over the last axis",
    "predict_generator": "predict",
    "predict_proba": "predict",
}
"""Names of Keras 1 and 2 that are gone, and what stands in their place."""

_FLAT = "Flatten() or a global pooling makes one row of numbers of a picture or sequence."
_SEQUENCE = {
    2: "An LSTM or GRU before it needs return_sequences=True; words come from Embedding; a global "
    "pooling or Flatten before it is too early.",
    4: "Bring it to (batch, steps, features) with Reshape, or go along time with TimeDistributed.",
}
_SEQUENCE_SHAPE = "(batch, steps, features)"
_PICTURE = {
    2: "Has Flatten or a global pooling come too early? Reshape((height, width, channels)) makes a "
    "picture of a row.",
    3: "Is the axis of colours missing? Reshape((height, width, 1)) adds one.",
    5: "A film goes frame by frame: TimeDistributed(layer).",
}
READS: dict[str, tuple[str, str, dict[int, str]]] = {
    r"(lstm|gru|simple_rnn|bidirectional|rnn)": (
        "a sequence",
        _SEQUENCE_SHAPE,
        _SEQUENCE,
    ),
    r"(conv1d|max_pooling1d|average_pooling1d|global_\w+1d|separable_conv1d|zero_padding1d)": (
        "a sequence",
        _SEQUENCE_SHAPE,
        _SEQUENCE,
    ),
    r"(conv2d|max_pooling2d|average_pooling2d|global_\w+2d|separable_conv2d|depthwise|\w+2d)": (
        "pictures",
        "(batch, height, width, channels)",
        _PICTURE,
    ),
    r"\w+3d": (
        "films or volumes",
        "(batch, length, height, width, channels)",
        {4: "Is the axis of channels or of time missing?"},
    ),
    r"repeat_vector": ("rows of numbers", "(batch, features)", {3: _FLAT, 4: _FLAT}),
}
"""What layers read, by the beginning of the names that Keras gives them: what it is called, its
shape, and what to try by the number of axes that came instead."""
